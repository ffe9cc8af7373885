package dev.holdfast.restic.format;

import dev.holdfast.restic.chunk.Polynomial;

/** The {@code config} object (section 3). {@code id} identifies the repository; a mirror keeps it. */
public record Config(Id id, Polynomial chunkerPolynomial) {
    public static final int VERSION = 2;

    public byte[] encode() {
        return new CanonicalJson(160)
                .open('{')
                .field("version", VERSION)
                .field("id", id)
                .field("chunker_polynomial", chunkerPolynomial.toHex())
                .close('}')
                .toByteArray();
    }

    /** Throws {@link ResticException.NotARepository} if it is of another version than 2. */
    public static Config decode(byte[] json) {
        var version = new int[1];
        var id = new String[] {""};
        var polynomial = new String[] {""};
        JsonIn.read("config", json, (name, in) -> {
            switch (name) {
                case "version" -> version[0] = in.number(Integer.MAX_VALUE);
                case "id" -> id[0] = in.string();
                case "chunker_polynomial" -> polynomial[0] = in.string();
                default -> in.skip();
            }
        });
        if (version[0] != VERSION) {
            throw new ResticException.NotARepository("repository version " + version[0] + ", only 2 is supported");
        }
        try {
            return new Config(Id.parse(id[0]), Polynomial.parse(polynomial[0]));
        } catch (IllegalArgumentException e) {
            throw new ResticException.Damaged("config: " + e.getMessage(), e);
        }
    }
}
