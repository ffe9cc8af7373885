package dev.holdfast.restic.format;

/** Foreign text in error messages. */
final class Text {
    private Text() {}

    /** At most 80 characters, without control characters. */
    static String excerpt(String text) {
        var start = text.length() <= 80 ? text : text.substring(0, 80) + "…";
        return start.replaceAll("\\p{Cntrl}", "?");
    }
}
