package dev.holdfast.restic.format;

/** What a blob holds (section 6). One pack holds blobs of one type only. */
public enum BlobType {
    /** A piece of a file. */
    DATA("data"),
    /** The JSON of a directory. */
    TREE("tree");

    private final String wireName;

    BlobType(String wireName) {
        this.wireName = wireName;
    }

    /** The name in index files. */
    public String wireName() {
        return wireName;
    }

    static BlobType parse(String wireName) {
        return switch (wireName) {
            case "data" -> DATA;
            case "tree" -> TREE;
            default -> throw new ResticException.Damaged("unknown blob type " + Text.excerpt(wireName));
        };
    }
}
