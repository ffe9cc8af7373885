package dev.holdfast.worker.backup;

import dev.holdfast.restic.format.Id;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;

/** A stream whose length, and hash if it is known, were announced: fails at its end if they are others. */
final class AnnouncedContent extends FilterInputStream {

    private final MessageDigest digest = Id.sha256();
    private final long size;
    private final Optional<String> sha256;
    private long read;

    AnnouncedContent(InputStream in, long size, Optional<String> sha256) {
        super(in);
        this.size = size;
        this.sha256 = sha256;
    }

    /** The content is whole, but not what was announced: reading it again does not help. */
    static final class OtherContentException extends RuntimeException {
        OtherContentException() {
            super("The upload's content is not what its sha256 announced.");
        }
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        var count = super.read(bytes, offset, length);
        if (count > 0) {
            digest.update(bytes, offset, count);
            read += count;
        } else if (count < 0) {
            end();
        }
        return count;
    }

    private void end() throws IOException {
        if (read != size) throw new IOException("the content ended after " + read + " of " + size + " bytes");
        var hash = HexFormat.of().formatHex(digest.digest());
        if (sha256.isPresent() && !sha256.get().equals(hash)) throw new OtherContentException();
    }
}
