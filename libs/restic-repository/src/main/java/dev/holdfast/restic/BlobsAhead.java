package dev.holdfast.restic;

import dev.holdfast.restic.format.BlobKey;
import dev.holdfast.restic.format.ResticException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * Reads blobs by several threads before they are needed; who asks takes them in any order. Small blobs that are asked
 * for one after another are read by one thread, for they often lie together. Used by one thread, who also bounds how
 * much is asked for and not taken.
 */
final class BlobsAhead implements AutoCloseable {
    private static final int GROUP_BYTES = 2 << 20;
    private static final int GROUP_BLOBS = 256;
    private static final int MAX_GROUPS = 1024;

    private final Workers<BlobReader> readers;
    private Group filling = new Group();

    BlobsAhead(Repository repository, BlobIndex index, int threads) {
        this.readers = new Workers<>("restic-read", threads, MAX_GROUPS, () -> new BlobReader(repository, index));
    }

    /** A blob that was asked for. */
    record Piece(Group group, int number, int plainBytes) {}

    /** {@code plainBytes}: as the index says, to make groups. */
    Piece ask(BlobKey key, int plainBytes) {
        if (filling.bytes + plainBytes > GROUP_BYTES || filling.keys.size() == GROUP_BLOBS) submit();
        filling.keys.add(key);
        filling.bytes += plainBytes;
        return new Piece(filling, filling.keys.size() - 1, plainBytes);
    }

    private void submit() {
        if (filling.keys.isEmpty()) return;
        readers.submit(1, filling::read);
        filling = new Group();
    }

    /**
     * The plain bytes, after waiting for them; only once.
     *
     * @throws ResticException as {@link BlobReader#read}
     */
    byte[] take(Piece piece) {
        if (piece.group == filling) submit();
        return piece.group.take(piece.number);
    }

    @Override
    public void close() {
        readers.close();
    }

    private sealed interface Outcome {}

    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    private record Plain(byte[] bytes) implements Outcome {}

    private record Failed(RuntimeException why) implements Outcome {}

    private record Taken() implements Outcome {}

    /** Blobs that one thread reads. */
    static final class Group {
        private final List<BlobKey> keys = new ArrayList<>();
        private final List<Outcome> outcomes = new ArrayList<>();
        private final CountDownLatch done = new CountDownLatch(1);
        private long bytes;

        private Group() {}

        private void read(BlobReader reader) {
            reader.expect(keys);
            for (var key : keys) outcomes.add(read(key, reader));
            reader.expect(List.of());
            done.countDown();
        }

        private static Outcome read(BlobKey key, BlobReader reader) {
            try {
                return new Plain(reader.read(key));
            } catch (RuntimeException e) {
                return new Failed(e); // thrown to whoever takes it
            } catch (OutOfMemoryError e) {
                return new Failed(new IllegalStateException("not enough memory for " + key, e));
            }
        }

        private byte[] take(int number) {
            try {
                done.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new ResticException.Cancelled();
            }
            return switch (outcomes.set(number, new Taken())) {
                case Plain plain -> plain.bytes;
                case Failed failed -> throw failed.why;
                case Taken _ -> throw new IllegalStateException("taken twice");
            };
        }
    }
}
