package dev.holdfast.restic;

/**
 * How blobs are written. Needs, if the chunks are as large as can be, 25 MiB of memory for each worker, the queue and
 * 17 MiB for the reader: 83 MiB with the defaults on two processors; usually half of it, for most chunks are small.
 * Packs are filled in temporary files (in the folder {@code java.io.tmpdir}, which had better be no memory file
 * system): at most (4 + 2 · uploads + workers) of them. The index lies there too, unless it is small: 60 bytes for each
 * blob of the repository.
 *
 * @param packBytes the size at which a pack is finished, 4 to 128 MiB; restic's own is 16 MiB
 * @param workers threads that compress and encrypt, at least 1
 * @param uploads packs that are stored at the same time, at least 1
 * @param queueBytes plain bytes that may wait for the workers, at least 8 MiB
 * @param verify whether every blob is decrypted, decompressed and hashed again before it is stored: costs about a tenth
 *     of the CPU time and catches bad memory and compiler bugs
 */
public record WriterOptions(int packBytes, int workers, int uploads, int queueBytes, boolean verify) {
    public WriterOptions {
        if (packBytes < 4 << 20 || packBytes > 128 << 20) throw new IllegalArgumentException("packBytes " + packBytes);
        if (workers < 1 || uploads < 1) throw new IllegalArgumentException("workers and uploads must be positive");
        if (queueBytes < 8 << 20) throw new IllegalArgumentException("queueBytes " + queueBytes);
    }

    /** Packs of 16 MiB, one worker for each processor, two uploads, 16 MiB of queue, verification on. */
    public static WriterOptions defaults() {
        return new WriterOptions(16 << 20, Runtime.getRuntime().availableProcessors(), 2, 16 << 20, true);
    }

    /** For storage behind a network, where more uploads hide its latency. */
    public WriterOptions withUploads(int count) {
        return new WriterOptions(packBytes, workers, count, queueBytes, verify);
    }

    public WriterOptions withQueueBytes(int bytes) {
        return new WriterOptions(packBytes, workers, uploads, bytes, verify);
    }

    public WriterOptions withVerify(boolean on) {
        return new WriterOptions(packBytes, workers, uploads, queueBytes, on);
    }
}
