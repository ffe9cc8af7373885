package dev.holdfast.restic;

import dev.holdfast.restic.format.BlobKey;
import dev.holdfast.restic.format.BlobType;
import dev.holdfast.restic.format.Id;
import dev.holdfast.restic.format.PackedBlob;
import dev.holdfast.restic.format.ResticException;
import java.util.ArrayList;
import java.util.List;

/**
 * Which blob lies where: a hash table in about 60 bytes for each, on the heap while it is small and else in mapped
 * temporary files ({@link Rows}), of which the system keeps in memory what is used and fits. Every blob of every pack
 * is one entry, numbered from 0 in the order of adding, at most 2 147 483 647; the entries of a pack follow one
 * another; a blob that is in two packs has two entries, of which look-ups find the first. Thread-safe.
 */
final class BlobIndex {
    private static final int TREE_BIT = 1 << 31;

    private static final int OFFSET = Id.BYTES + 4;
    private static final int LENGTH = Id.BYTES + 8;
    private static final int PLAIN_LENGTH = Id.BYTES + 12; // with the type in the top bit
    private static final int NEXT = Id.BYTES + 16; // the next entry with the same bucket, + 1

    private final Rows entries = new Rows(Id.BYTES + 20); // the ID, the pack at Id.BYTES, and the above
    private final Rows buckets = new Rows(Integer.BYTES); // the last entry of the bucket, + 1
    private final Rows packs = new Rows(Id.BYTES + 4); // the ID, and the first entry at Id.BYTES
    private long bucketCount;
    private int size;
    private int packCount;

    /** @throws ResticException.StorageFailed if the disk is full: then the index is as before */
    synchronized void add(Id pack, List<PackedBlob> blobs) {
        packs.reserve(packCount + 1);
        entries.reserve(Math.addExact(size, blobs.size()));
        reserveBuckets((long) size + blobs.size());
        putId(packs, packCount, pack);
        packs.putInt(packCount, Id.BYTES, size);
        for (var blob : blobs) add(packCount, blob);
        packCount++;
    }

    private void add(int pack, PackedBlob blob) {
        putId(entries, size, blob.key().id());
        entries.putInt(size, Id.BYTES, pack);
        entries.putInt(size, OFFSET, blob.offset());
        entries.putInt(size, LENGTH, blob.length());
        int type = blob.key().type() == BlobType.TREE ? TREE_BIT : 0;
        entries.putInt(size, PLAIN_LENGTH, blob.plainLength() | type);
        append(size++);
    }

    /** At the end of the bucket's chain would be slow; the first entry of a key is found by walking the whole chain. */
    private void append(int entry) {
        long bucket = bucket(entries.getLong(entry, 0));
        entries.putInt(entry, NEXT, buckets.getInt(bucket, 0));
        buckets.putInt(bucket, 0, entry + 1);
    }

    /** As many as entries, at least: fewer would make long chains, more would be pages to load. */
    private void reserveBuckets(long wanted) {
        if (bucketCount >= Math.max(wanted, 1)) return;
        long count = Math.max(bucketCount, 1024);
        while (count < wanted) count *= 2;
        buckets.reserve(count);
        buckets.clear();
        bucketCount = count;
        for (int entry = 0; entry < size; entry++) append(entry);
    }

    private long bucket(long a) {
        return a & (bucketCount - 1); // IDs are hashes already
    }

    private static void putId(Rows rows, int row, Id id) {
        rows.putLong(row, 0, id.a());
        rows.putLong(row, 8, id.b());
        rows.putLong(row, 16, id.c());
        rows.putLong(row, 24, id.d());
    }

    private static Id id(Rows rows, int row) {
        return new Id(rows.getLong(row, 0), rows.getLong(row, 8), rows.getLong(row, 16), rows.getLong(row, 24));
    }

    /** The number of the first entry of this blob, or -1. */
    synchronized int find(BlobKey key) {
        int found = -1;
        for (int entry = firstCandidate(key.id()); entry >= 0; entry = next(entry)) if (is(entry, key)) found = entry;
        return found;
    }

    synchronized boolean contains(BlobKey key) {
        return find(key) >= 0;
    }

    /** All entries of this blob, the first one first. */
    synchronized List<Integer> findAll(BlobKey key) {
        var found = new ArrayList<Integer>(1);
        for (int entry = firstCandidate(key.id()); entry >= 0; entry = next(entry)) {
            if (is(entry, key)) found.add(entry);
        }
        return found.reversed();
    }

    private int firstCandidate(Id id) {
        return size == 0 ? -1 : buckets.getInt(bucket(id.a()), 0) - 1;
    }

    private int next(int entry) {
        return entries.getInt(entry, NEXT) - 1;
    }

    private boolean is(int entry, BlobKey key) {
        var id = key.id();
        return entries.getLong(entry, 0) == id.a()
                && entries.getLong(entry, 8) == id.b()
                && entries.getLong(entry, 16) == id.c()
                && entries.getLong(entry, 24) == id.d()
                && type(entry) == key.type();
    }

    private BlobType type(int entry) {
        return entries.getInt(entry, PLAIN_LENGTH) < 0 ? BlobType.TREE : BlobType.DATA;
    }

    synchronized PackedBlob blob(int entry) {
        return new PackedBlob(
                new BlobKey(type(entry), id(entries, entry)),
                entries.getInt(entry, OFFSET),
                entries.getInt(entry, LENGTH),
                entries.getInt(entry, PLAIN_LENGTH) & ~TREE_BIT);
    }

    synchronized Id packOf(int entry) {
        return id(packs, entries.getInt(entry, Id.BYTES));
    }

    /** The number of entries. */
    synchronized int size() {
        return size;
    }

    synchronized int packCount() {
        return packCount;
    }

    synchronized Id pack(int number) {
        return id(packs, number);
    }

    synchronized int firstEntry(int pack) {
        return packs.getInt(pack, Id.BYTES);
    }

    /** One more than the last entry of the pack. */
    synchronized int endEntry(int pack) {
        return pack + 1 < packCount ? firstEntry(pack + 1) : size;
    }

    synchronized List<PackedBlob> blobsOf(int pack) {
        var blobs = new ArrayList<PackedBlob>();
        for (int entry = firstEntry(pack); entry < endEntry(pack); entry++) blobs.add(blob(entry));
        return blobs;
    }

    /** What the temporary files take: nothing while the index is small. */
    synchronized long fileBytes() {
        return entries.fileBytes() + buckets.fileBytes() + packs.fileBytes();
    }
}
