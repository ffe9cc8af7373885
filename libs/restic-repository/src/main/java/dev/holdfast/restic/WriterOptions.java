package dev.holdfast.restic;

/**
 * How blobs are written. Needs, at worst, memory for (2 + uploads + workers) packs, the queue, 17 MiB for each worker
 * and 9 MiB for the reader: 155 MiB with the defaults on two processors, and 60 bytes for each blob of the repository.
 *
 * @param packBytes the size at which a pack is finished, 4 to 128 MiB; restic's own is 16 MiB
 * @param workers threads that compress and encrypt, at least 1
 * @param uploads packs that are stored at the same time, at least 1; each takes {@code packBytes} of memory
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
