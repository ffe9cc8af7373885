package dev.holdfast.worker.backup;

import dev.holdfast.job.BackupSource;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Buckets for which tenants may use Holdfast's own credentials, as the operator lists them; never Holdfast's own. */
record OpenBuckets(List<Entry> entries, String own) {

    private static final Pattern FORM = Pattern.compile("(?:([a-z0-9-]+):)?([^/:*]+)(?:/(.+))?");

    /** A name that S3 makes up for a bucket: one of these may be Holdfast's own. */
    private static final Pattern ALIAS = Pattern.compile(".*(-s3alias|--ol-s3|\\.mrap)");

    /**
     * One that is listed.
     *
     * @param tenant for whom; empty: for all
     * @param prefix what the keys must begin with
     */
    record Entry(Optional<String> tenant, String bucket, String prefix) {
        boolean allows(String who, String name, String keys) {
            return tenant.orElse(who).equals(who) && bucket.equals(name) && keys.startsWith(prefix);
        }
    }

    /** Throws {@link IllegalArgumentException} naming the setting when an entry is out of form. */
    static OpenBuckets of(String key, Optional<List<String>> configured, String own) {
        var entries = configured.orElseGet(List::of).stream()
                .map(text -> entry(key, text.strip(), own))
                .toList();
        return new OpenBuckets(entries, own);
    }

    private static Entry entry(String key, String text, String own) {
        var parts = FORM.matcher(text);
        if (!parts.matches() || !parts.group(2).matches(BackupSource.BUCKET)) {
            throw new IllegalArgumentException(
                    key + " must be buckets, such as exports, exports/2026/ or acme:exports, was " + text);
        }
        if (parts.group(2).equals(own) || ALIAS.matcher(parts.group(2)).matches()) {
            throw new IllegalArgumentException(key + " must not name Holdfast's own bucket, nor an alias: " + text);
        }
        var prefix = Optional.ofNullable(parts.group(3)).orElse("");
        return new Entry(Optional.ofNullable(parts.group(1)), parts.group(2), prefix);
    }

    /** {@code prefix}: what all keys that are meant begin with. */
    boolean allow(String tenant, String bucket, String prefix) {
        return !bucket.equals(own) && entries.stream().anyMatch(entry -> entry.allows(tenant, bucket, prefix));
    }
}
