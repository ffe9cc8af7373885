package dev.holdfast.outbound;

import java.net.InetAddress;
import java.util.regex.Pattern;

/**
 * A range of addresses.
 *
 * @param bits how many of the first bits of an address must be the same
 */
record Network(InetAddress address, int bits) {

    /** Four numbers without leading zeros, which some programs read as octal. */
    private static final Pattern IPV4 = Pattern.compile("((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\\.(?!$)|$)){4}");

    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

    /** Reads {@code 10.0.0.0/8} or {@code fc00::/7}; throws {@link IllegalArgumentException} when it is none. */
    static Network parse(String text) {
        var slash = text.indexOf('/');
        if (slash < 0 || !text.substring(slash + 1).matches("[0-9]{1,3}") || !isLiteral(text.substring(0, slash))) {
            throw new IllegalArgumentException("must be networks such as 10.1.0.0/16 or fd00::/8, was " + text);
        }
        var address = InetAddress.ofLiteral(text.substring(0, slash));
        var bits = Integer.parseInt(text.substring(slash + 1));
        if (bits > address.getAddress().length * 8) {
            throw new IllegalArgumentException(
                    "must have at most %d bits, was %s".formatted(address.getAddress().length * 8, text));
        }
        return new Network(address, bits);
    }

    /** Whether the text is an address as every program reads it. */
    static boolean isLiteral(String text) {
        if (IPV4.matcher(text).matches()) return true;
        if (!IPV6.matcher(text).matches()) return false;
        try {
            InetAddress.ofLiteral(text);
            return true;
        } catch (IllegalArgumentException none) {
            return false;
        }
    }

    boolean contains(InetAddress other) {
        var mine = address.getAddress();
        var theirs = other.getAddress();
        if (mine.length != theirs.length) return false;
        for (var bit = 0; bit < bits; bit++) {
            if (((mine[bit / 8] ^ theirs[bit / 8]) >> (7 - bit % 8) & 1) != 0) return false;
        }
        return true;
    }
}
