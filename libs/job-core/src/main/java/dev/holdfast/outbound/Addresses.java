package dev.holdfast.outbound;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What addresses are for, by the registries of special addresses (RFC 6890 and its successors). */
final class Addresses {

    private static final Network GLOBAL_IPV6 = Network.parse("2000::/3");

    /** An IPv4 address follows these 96 bits (RFC 6052). */
    private static final Network NAT64 = Network.parse("64:ff9b::/96");

    private static final byte[] MAPPED = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1};

    private record Special(Network network, String what) {}

    private static final List<Special> SPECIAL = List.of(
            special("0.0.0.0/8", "an unspecified address"),
            special("10.0.0.0/8", "a private address"),
            special("100.64.0.0/10", "an address that carriers share"),
            special("127.0.0.0/8", "a loopback address"),
            special("169.254.0.0/16", "a link-local address"),
            special("172.16.0.0/12", "a private address"),
            special("192.0.0.0/24", "a reserved address"),
            special("192.0.2.0/24", "a reserved address"),
            special("192.88.99.0/24", "a reserved address"),
            special("192.168.0.0/16", "a private address"),
            special("198.18.0.0/15", "a reserved address"),
            special("198.51.100.0/24", "a reserved address"),
            special("203.0.113.0/24", "a reserved address"),
            special("224.0.0.0/4", "a multicast address"),
            special("240.0.0.0/4", "a reserved address"),
            special("::/128", "an unspecified address"),
            special("::1/128", "a loopback address"),
            special("fc00::/7", "a private address"),
            special("fe80::/10", "a link-local address"),
            special("fec0::/10", "a private address"),
            special("ff00::/8", "a multicast address"),
            special("64:ff9b:1::/48", "a private address behind NAT64"),
            special("2001::/23", "a reserved address"),
            special("2001:db8::/32", "a reserved address"),
            special("2002::/16", "an IPv4 address in a 6to4 one"),
            special("3fff::/20", "a reserved address"));

    private Addresses() {}

    private static Special special(String network, String what) {
        return new Special(Network.parse(network), what);
    }

    /** Why the address is not one of the public internet, as {@code a loopback address}; empty: it is one. */
    static Optional<String> special(InetAddress address) {
        var bytes = address.getAddress();
        if (bytes.length == 16 && Arrays.equals(Arrays.copyOf(bytes, MAPPED.length), MAPPED)) return embedded(bytes);
        if (NAT64.contains(address)) return embedded(bytes);
        var known = SPECIAL.stream()
                .filter(special -> special.network().contains(address))
                .map(Special::what)
                .findFirst();
        if (known.isPresent() || bytes.length == 4 || GLOBAL_IPV6.contains(address)) return known;
        return Optional.of("a reserved address");
    }

    /** The IPv4 address in the last four bytes is what is called in the end. */
    private static Optional<String> embedded(byte[] bytes) {
        try {
            var address = InetAddress.getByAddress(Arrays.copyOfRange(bytes, 12, 16));
            return special(address).map(what -> address.getHostAddress() + ", " + what);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException("four bytes are an address", impossible);
        }
    }
}
