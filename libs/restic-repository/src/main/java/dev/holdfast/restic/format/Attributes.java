package dev.holdfast.restic.format;

import java.time.Instant;
import java.util.List;

/**
 * What the source says about an entry, beside name and content.
 *
 * @param permissions the 12 low bits of a Unix mode: rwx three times, setuid 04000, setgid 02000, sticky 01000
 * @param uid 0 to 2^32-1, as is {@code gid}
 * @param user the name, or empty if unknown; as is {@code group}
 * @param inode unsigned; 0 if the source has none, as for {@code device} and {@code links}
 */
public record Attributes(
        int permissions,
        Instant modified,
        Instant accessed,
        Instant changed,
        long uid,
        long gid,
        String user,
        String group,
        long inode,
        long device,
        long links,
        List<ExtendedAttribute> extended) {

    /** For example {@code user.comment}; Linux restores only names that start with {@code user.} for everybody. */
    public record ExtendedAttribute(String name, ByteString value) {}

    public Attributes {
        if ((permissions & ~07777) != 0) throw new IllegalArgumentException("permissions " + permissions);
        if (uid >>> 32 != 0 || gid >>> 32 != 0) throw new IllegalArgumentException("uid " + uid + " gid " + gid);
        extended = List.copyOf(extended);
    }

    /** For a source that knows no more: owner 0, no names, all three times the same. */
    public static Attributes of(int permissions, Instant modified) {
        return new Attributes(permissions, modified, modified, modified, 0, 0, "", "", 0, 0, 0, List.of());
    }

    public Attributes withExtended(List<ExtendedAttribute> attributes) {
        return new Attributes(
                permissions, modified, accessed, changed, uid, gid, user, group, inode, device, links, attributes);
    }
}
