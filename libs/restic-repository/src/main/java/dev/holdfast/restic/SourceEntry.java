package dev.holdfast.restic;

import dev.holdfast.restic.format.Attributes;
import dev.holdfast.restic.format.ByteString;
import dev.holdfast.restic.format.Node;
import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;

/**
 * One entry of what is backed up: a file system, a bucket, anything with names. An entry is asked for its content or
 * its children at most once, by the thread that runs the backup.
 */
public sealed interface SourceEntry {
    /** Must be a {@link ByteString#isFileName() file name}. */
    ByteString name();

    Attributes attributes();

    /**
     * A file.
     *
     * @param sizeBytes as the source says, to find out what changed; -1 if unknown: then it is always read
     */
    record SourceFile(ByteString name, Attributes attributes, long sizeBytes, Content content) implements SourceEntry {}

    /** A directory. */
    record SourceDirectory(ByteString name, Attributes attributes, Children children) implements SourceEntry {}

    /** A symbolic link, a device, a pipe or a socket: no {@link Node.File} and no {@link Node.Directory}. */
    record SourceOther(ByteString name, Attributes attributes, Node.Kind kind) implements SourceEntry {
        public SourceOther {
            if (kind instanceof Node.File || kind instanceof Node.Directory) {
                throw new IllegalArgumentException("files and directories have entries of their own");
            }
        }
    }

    /** The content of a file, of any length. The stream is closed after reading. */
    @FunctionalInterface
    interface Content {
        InputStream open() throws IOException;
    }

    /** The children of a directory. */
    @FunctionalInterface
    interface Children {
        /**
         * In ascending order of their names as bytes. A large directory is written while it is listed, so that it never
         * has to fit into memory; one of up to {@link TreeBuilder#SPLIT_AT} entries may come in any order, if that
         * shows before there are {@link TreeBuilder#SPLIT_BYTES} of them.
         *
         * @return an iterator that may throw {@link java.io.UncheckedIOException}
         */
        Iterator<? extends SourceEntry> list() throws IOException;
    }
}
