package dev.holdfast.restic.format;

/** Strict UTF-8, one character at a time: no overlong forms, no surrogates, nothing above U+10FFFF. */
final class Utf8 {
    private Utf8() {}

    /** How many bytes the character at {@code at} has; 0 if that byte starts no valid one. */
    static int width(byte[] bytes, int at) {
        int first = bytes[at] & 0xFF;
        if (first < 0x80) return 1;
        int width = first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0;
        if (width == 0 || bytes.length - at < width) return 0;
        for (int i = 1; i < width; i++) if ((bytes[at + i] & 0xC0) != 0x80) return 0;
        int c = codePoint(bytes, at, width);
        boolean overlong = (width == 3 && c < 0x800) || (width == 4 && c < 0x10000);
        boolean surrogate = c >= 0xD800 && c < 0xE000;
        return overlong || surrogate || c > 0x10FFFF ? 0 : width;
    }

    static int codePoint(byte[] bytes, int at, int width) {
        if (width == 1) return bytes[at];
        int c = bytes[at] & (0x7F >> width);
        for (int i = 1; i < width; i++) c = c << 6 | (bytes[at + i] & 0x3F);
        return c;
    }
}
