package dev.holdfast.webhook;

import dev.holdfast.job.JobState;
import dev.holdfast.job.JobType;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * An endpoint of a tenant's that hears how jobs end.
 *
 * @param name unique within the tenant
 * @param url as the tenant wrote it; the query may hold a secret
 * @param on the ends that it wants to hear of
 * @param types the kinds of jobs; empty: all
 * @param secrets what its calls are signed with, the newest first
 * @param disabled why it is called no more, if so
 */
public record Webhook(
        String name,
        String url,
        Set<JobState> on,
        Set<JobType> types,
        List<SigningSecret> secrets,
        Instant createdAt,
        Optional<String> disabled) {

    /** The ends that can be told. */
    public static final Set<JobState> ENDS = Set.of(JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELLED);

    /** Old secrets beside the newest: each makes a header longer. */
    private static final int MOST_OLD = 4;

    public Webhook {
        on = Set.copyOf(on);
        types = Set.copyOf(types);
        secrets = List.copyOf(secrets);
    }

    /** Whether it is to hear that such a job ended so. */
    public boolean wants(JobType type, JobState end) {
        return disabled.isEmpty() && on.contains(end) && (types.isEmpty() || types.contains(type));
    }

    /** The same, signed with a new secret as well, and with those that it has now until then. */
    public Webhook rotated(SigningSecret secret, Instant now, Instant until) {
        var old = secretsAt(now).stream().limit(MOST_OLD).map(some -> some.until(until));
        var all = Stream.concat(Stream.of(secret), old).toList();
        return new Webhook(name, url, on, types, all, createdAt, disabled);
    }

    /** The same under the secrets, and of the age, of one that it replaces. */
    public Webhook inPlaceOf(Webhook before) {
        return new Webhook(name, url, on, types, before.secrets, before.createdAt, disabled);
    }

    /** The same, called no more. */
    public Webhook disabled(String why) {
        return new Webhook(name, url, on, types, secrets, createdAt, Optional.of(why));
    }

    /** The secrets that a call is to be signed with. */
    public List<SigningSecret> secretsAt(Instant now) {
        return secrets.stream()
                .filter(secret ->
                        secret.until().filter(end -> !end.isAfter(now)).isEmpty())
                .toList();
    }
}
