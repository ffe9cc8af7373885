package dev.holdfast.outbound;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;

/**
 * Keeps tenants from having the services call what only the services can reach: themselves, their neighbours, the
 * metadata of the cloud. A name is looked up here, once; a caller connects to one of the addresses that came of it, and
 * looks nothing up, so that a second answer of the name server changes nothing. Thread-safe.
 */
public final class OutboundGuard {

    private final List<Ports> ports;
    private final List<Network> allowed;
    private final Lookup lookup;

    /** Looks a name up. */
    @FunctionalInterface
    interface Lookup {
        InetAddress[] addresses(String host) throws UnknownHostException;
    }

    /** What came of looking a host up. */
    public sealed interface Route {
        /** It may be called at these addresses, at least one, and at no other. */
        record Open(List<InetAddress> addresses) implements Route {}

        /** It must not be called. */
        record Refused(String reason) implements Route {}

        /** Nobody knows where it is. */
        record Unknown(String reason) implements Route {}
    }

    private record Ports(int first, int last) {}

    /** Throws {@link IllegalArgumentException} naming a setting that is out of form. */
    public OutboundGuard(OutboundConfig config) {
        this(config, InetAddress::getAllByName);
    }

    OutboundGuard(OutboundConfig config, Lookup lookup) {
        this.ports = config.ports().stream().map(OutboundGuard::ports).toList();
        this.allowed = config.networks().orElseGet(List::of).stream()
                .map(OutboundGuard::network)
                .toList();
        this.lookup = lookup;
    }

    private static Ports ports(String text) {
        var ends = text.strip().split("-", -1);
        if (ends.length <= 2 && List.of(ends).stream().allMatch(end -> end.matches("[0-9]{1,5}"))) {
            var range = new Ports(Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1]));
            if (range.first() >= 1 && range.first() <= range.last() && range.last() <= 65_535) return range;
        }
        throw new IllegalArgumentException(
                "holdfast.outbound.ports must be 1 to 65535, such as 443,8000-8999, was " + text);
    }

    private static Network network(String text) {
        try {
            return Network.parse(text.strip());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("holdfast.outbound.networks " + e.getMessage(), e);
        }
    }

    /** Why it must not be called, as far as can be said without looking its name up; empty: nothing is known. */
    public Optional<String> objection(String host, int port) {
        if (ports.stream().noneMatch(range -> range.first() <= port && port <= range.last())) {
            return Optional.of("port " + port + " is not among those that the operator allows");
        }
        if (host.equals("localhost") || host.endsWith(".localhost")) return objection(host, loopback());
        return Network.isLiteral(host) ? objection(host, InetAddress.ofLiteral(host)) : Optional.empty();
    }

    /**
     * The same of a URL; that it is none is an objection too.
     *
     * @param plain whether it may begin with http
     */
    public Optional<String> objection(String url, boolean plain) {
        try {
            var destination = Destination.of(url, plain);
            return objection(destination.host(), destination.port());
        } catch (IllegalArgumentException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private static InetAddress loopback() {
        return InetAddress.ofLiteral("127.0.0.1");
    }

    /** Any one address that must not be called refuses the name: who gives such an answer does not mean well. */
    private Optional<String> objection(String host, InetAddress address) {
        if (allowed.stream().anyMatch(network -> network.contains(address))) return Optional.empty();
        var literal = address.getHostAddress();
        return Addresses.special(address)
                .map(what -> host.equals(literal) ? host + " is " + what : host + " is " + literal + ", " + what);
    }

    /**
     * Looks the host up, which may take as long as name servers like.
     *
     * @param host a name, or an address
     */
    public Route route(String host, int port) {
        var objection = objection(host, port);
        if (objection.isPresent()) return new Route.Refused(objection.get());
        try {
            var addresses = List.of(lookup.addresses(host));
            return addresses.stream()
                    .flatMap(address -> objection(host, address).stream())
                    .findFirst()
                    .<Route>map(Route.Refused::new)
                    .orElseGet(() -> new Route.Open(addresses));
        } catch (UnknownHostException e) {
            return new Route.Unknown("no name server knows " + host);
        }
    }
}
