package dev.holdfast.restic.format;

import java.util.List;

/** One entry of a directory (section 9). The name is as stored: check {@link ByteString#isFileName} before use. */
public record Node(ByteString name, Kind kind, Attributes attributes) {

    /** What the entry is, with what only that kind has. */
    public sealed interface Kind {}

    /** {@code sizeBytes} is the sum of the plain lengths of the blobs, in file order. */
    public record File(long sizeBytes, List<Id> content) implements Kind {
        public File {
            content = List.copyOf(content);
        }
    }

    /** {@code subtree} names the tree blob. */
    public record Directory(Id subtree) implements Kind {}

    public record Symlink(ByteString target) implements Kind {}

    /** {@code number} is st_rdev. */
    public record Device(boolean character, long number) implements Kind {}

    public record Fifo() implements Kind {}

    public record Socket() implements Kind {}
}
