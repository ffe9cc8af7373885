package dev.holdfast.restic;

import dev.holdfast.restic.format.BlobKey;
import dev.holdfast.restic.format.BlobType;
import dev.holdfast.restic.format.Id;
import dev.holdfast.restic.format.PackedBlob;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Which blob lies where, in about 60 bytes for each: a hash table over parallel arrays. Every blob of every pack is one
 * entry, numbered from 0 in the order of adding; the entries of a pack follow one another; a blob that is in two packs
 * has two entries, of which look-ups find the first. Thread-safe.
 */
final class BlobIndex {
    private static final int TREE_BIT = 1 << 31;

    private long[] ids = new long[4 * 1024];
    private int[] places = new int[4 * 1024]; // pack, offset, length, plain length with the type in the top bit
    private int[] next = new int[1024]; // the next entry with the same bucket, + 1
    private int[] buckets = new int[2048]; // the last entry of the bucket, + 1
    private int size;
    private final List<Id> packs = new ArrayList<>();
    private int[] firstOfPack = new int[64];

    synchronized void add(Id pack, List<PackedBlob> blobs) {
        int number = packs.size();
        packs.add(pack);
        if (number == firstOfPack.length) firstOfPack = Arrays.copyOf(firstOfPack, 2 * number);
        firstOfPack[number] = size;
        for (var blob : blobs) add(number, blob);
    }

    private void add(int pack, PackedBlob blob) {
        if (size == next.length) grow();
        var id = blob.key().id();
        int at = 4 * size;
        ids[at] = id.a();
        ids[at + 1] = id.b();
        ids[at + 2] = id.c();
        ids[at + 3] = id.d();
        places[at] = pack;
        places[at + 1] = blob.offset();
        places[at + 2] = blob.length();
        places[at + 3] = blob.plainLength() | (blob.key().type() == BlobType.TREE ? TREE_BIT : 0);
        append(size++);
    }

    /** At the end of the bucket's chain would be slow; the first entry of a key is found by walking the whole chain. */
    private void append(int entry) {
        int bucket = bucket(ids[4 * entry]);
        next[entry] = buckets[bucket];
        buckets[bucket] = entry + 1;
    }

    private void grow() {
        int capacity = Math.multiplyExact(2, next.length);
        ids = Arrays.copyOf(ids, Math.multiplyExact(4, capacity));
        places = Arrays.copyOf(places, 4 * capacity);
        next = Arrays.copyOf(next, capacity);
        buckets = new int[2 * capacity];
        for (int entry = 0; entry < size; entry++) append(entry);
    }

    private int bucket(long a) {
        return (int) (a & (buckets.length - 1)); // IDs are hashes already
    }

    /** The number of the first entry of this blob, or -1. */
    synchronized int find(BlobKey key) {
        int found = -1;
        for (int entry = firstCandidate(key.id()); entry >= 0; entry = next[entry] - 1)
            if (is(entry, key)) found = entry;
        return found;
    }

    synchronized boolean contains(BlobKey key) {
        return find(key) >= 0;
    }

    /** All entries of this blob, the first one first. */
    synchronized List<Integer> findAll(BlobKey key) {
        var found = new ArrayList<Integer>(1);
        for (int entry = firstCandidate(key.id()); entry >= 0; entry = next[entry] - 1) {
            if (is(entry, key)) found.add(entry);
        }
        return found.reversed();
    }

    private int firstCandidate(Id id) {
        return buckets[bucket(id.a())] - 1;
    }

    private boolean is(int entry, BlobKey key) {
        var id = key.id();
        int at = 4 * entry;
        return ids[at] == id.a()
                && ids[at + 1] == id.b()
                && ids[at + 2] == id.c()
                && ids[at + 3] == id.d()
                && (places[at + 3] < 0) == (key.type() == BlobType.TREE);
    }

    synchronized PackedBlob blob(int entry) {
        int at = 4 * entry;
        var type = places[at + 3] < 0 ? BlobType.TREE : BlobType.DATA;
        var key = new BlobKey(type, new Id(ids[at], ids[at + 1], ids[at + 2], ids[at + 3]));
        return new PackedBlob(key, places[at + 1], places[at + 2], places[at + 3] & ~TREE_BIT);
    }

    synchronized Id packOf(int entry) {
        return packs.get(places[4 * entry]);
    }

    /** The number of entries. */
    synchronized int size() {
        return size;
    }

    synchronized int packCount() {
        return packs.size();
    }

    synchronized Id pack(int number) {
        return packs.get(number);
    }

    synchronized int firstEntry(int pack) {
        return firstOfPack[pack];
    }

    /** One more than the last entry of the pack. */
    synchronized int endEntry(int pack) {
        return pack + 1 < packs.size() ? firstOfPack[pack + 1] : size;
    }

    synchronized List<PackedBlob> blobsOf(int pack) {
        var blobs = new ArrayList<PackedBlob>();
        for (int entry = firstEntry(pack); entry < endEntry(pack); entry++) blobs.add(blob(entry));
        return blobs;
    }
}
