package dev.holdfast.restic;

import dev.holdfast.restic.format.Id;
import dev.holdfast.restic.format.PackHeader;
import dev.holdfast.restic.format.PackedBlob;
import dev.holdfast.restic.format.ResticException;
import java.util.Arrays;
import java.util.List;

/** Reads the header of a pack, for when no index is to be believed (section 7). */
final class PackReader {
    private PackReader() {}

    /** From the bytes of the whole pack. */
    static List<PackedBlob> header(Repository repository, byte[] pack) {
        int trailerAt = pack.length - PackHeader.TRAILER_BYTES;
        if (trailerAt < 0) throw new ResticException.Damaged("a pack of " + pack.length + " bytes");
        int length = PackHeader.sealedHeaderBytes(Arrays.copyOfRange(pack, trailerAt, pack.length), pack.length);
        return decode(repository, Arrays.copyOfRange(pack, trailerAt - length, trailerAt), pack.length);
    }

    /** From the storage: two small reads. */
    static List<PackedBlob> header(Repository repository, Id pack, long packBytes) {
        var key = ObjectStore.packKey(pack);
        if (packBytes < PackHeader.TRAILER_BYTES)
            throw new ResticException.Damaged(key + " has " + packBytes + " bytes");
        long trailerAt = packBytes - PackHeader.TRAILER_BYTES;
        var trailer = repository.objects().range(key, trailerAt, PackHeader.TRAILER_BYTES);
        int length = PackHeader.sealedHeaderBytes(trailer, packBytes);
        return decode(repository, repository.objects().range(key, trailerAt - length, length), packBytes);
    }

    private static List<PackedBlob> decode(Repository repository, byte[] sealed, long packBytes) {
        var header = ObjectStore.open("pack header", sealed, repository.masterKey(), repository.environment());
        return PackHeader.decode(header, packBytes);
    }
}
