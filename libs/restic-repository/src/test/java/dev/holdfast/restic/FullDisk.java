package dev.holdfast.restic;

import dev.holdfast.restic.format.BlobKey;
import dev.holdfast.restic.format.BlobType;
import dev.holdfast.restic.format.Id;
import dev.holdfast.restic.format.PackedBlob;
import dev.holdfast.restic.format.ResticException;
import java.nio.ByteBuffer;
import java.util.List;

/** Fills an index until the disk is full, and then looks for all that is in it; killed if it may not do that. */
final class FullDisk {
    private FullDisk() {}

    public static void main(String[] arguments) {
        var index = new BlobIndex();
        try {
            while (index.size() < 5_000_000) index.add(blob(index.size()).key().id(), List.of(blob(index.size())));
        } catch (ResticException.StorageFailed e) {
            System.out.println(e.getMessage());
        }
        for (int i = 0; i < index.size(); i++) {
            if (!index.blob(index.find(blob(i).key())).equals(blob(i))) throw new IllegalStateException("lost: " + i);
        }
        System.out.println(index.size() == index.packCount() ? "all of " + index.size() + " are found" : "half added");
    }

    private static PackedBlob blob(int number) {
        var id = Id.hashOf(ByteBuffer.allocate(4).putInt(number).array());
        return new PackedBlob(new BlobKey(BlobType.DATA, id), number, 40, 1);
    }
}
