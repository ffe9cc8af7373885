package dev.holdfast.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.holdfast.outbound.OutboundGuard.Route;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OutboundGuardTest {

    private static final Map<String, List<String>> NAMES = Map.of(
            "hooks.example.org", List.of("93.184.215.14", "2606:2800:21f:cb07::1"),
            "internal.example.org", List.of("10.1.2.3"),
            "mixed.example.org", List.of("93.184.215.14", "169.254.169.254"));

    private final OutboundGuard guard = guard(List.of("443"), List.of());

    private record Config(List<String> ports, Optional<List<String>> networks) implements OutboundConfig {}

    private static OutboundGuard guard(List<String> ports, List<String> networks) {
        return new OutboundGuard(new Config(ports, Optional.of(networks)), OutboundGuardTest::lookUp);
    }

    private static InetAddress[] lookUp(String host) throws UnknownHostException {
        if (Network.isLiteral(host)) return new InetAddress[] {InetAddress.ofLiteral(host)};
        var known = NAMES.get(host);
        if (known == null) throw new UnknownHostException(host);
        return known.stream().map(InetAddress::ofLiteral).toArray(InetAddress[]::new);
    }

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0, unspecified",
        "0.1.2.3, unspecified",
        "10.0.0.1, private",
        "10.255.255.255, private",
        "100.64.0.1, carriers",
        "127.0.0.1, loopback",
        "127.255.255.254, loopback",
        "169.254.169.254, link-local",
        "169.254.170.2, link-local",
        "172.16.0.1, private",
        "172.31.255.255, private",
        "192.0.0.192, reserved",
        "192.0.2.1, reserved",
        "192.168.1.1, private",
        "198.18.0.1, reserved",
        "203.0.113.9, reserved",
        "224.0.0.1, multicast",
        "239.255.255.250, multicast",
        "240.0.0.1, reserved",
        "255.255.255.255, reserved",
        "::, unspecified",
        "::1, loopback",
        "fc00::1, private",
        "fd00:ec2::254, private",
        "fe80::1, link-local",
        "fec0::1, private",
        "ff02::1, multicast",
        "::ffff:10.0.0.1, private",
        "::ffff:a9fe:a9fe, link-local",
        "::127.0.0.1, reserved",
        "64:ff9b::10.0.0.1, private",
        "64:ff9b::a9fe:a9fe, link-local",
        "64:ff9b:1::1, private",
        "2001::1, reserved",
        "2001:db8::1, reserved",
        "2002:7f00:1::1, 6to4",
        "3fff::1, reserved",
        "4000::1, reserved",
    })
    void addressThatIsNotPublicIsRefusedByWhatItIs(String address, String what) {
        assertThat(guard.objection(address, 443)).get().asString().contains(what);
        assertThat(guard.route(address, 443)).isInstanceOf(Route.Refused.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "93.184.215.14",
                "100.63.255.255",
                "100.128.0.1",
                "172.15.255.255",
                "172.32.0.1",
                "169.253.255.255",
                "223.255.255.255",
                "2606:2800:21f:cb07::1",
                "::ffff:93.184.215.14",
                "64:ff9b::93.184.215.14"
            })
    void publicAddressMayBeCalled(String address) {
        assertThat(guard.route(address, 443)).isInstanceOf(Route.Open.class);
    }

    @Test
    void nameIsLookedUpOnceAndCalledWhereItWasFound() {
        var lookups = new AtomicInteger();
        var counting = new OutboundGuard(new Config(List.of("443"), Optional.empty()), host -> {
            lookups.incrementAndGet();
            return lookUp(host);
        });

        var route = counting.route("hooks.example.org", 443);

        assertThat(route)
                .isEqualTo(new Route.Open(List.of(
                        InetAddress.ofLiteral("93.184.215.14"), InetAddress.ofLiteral("2606:2800:21f:cb07::1"))));
        assertThat(lookups).hasValue(1);
    }

    @Test
    void nameOfWhichOneAddressIsNotPublicIsRefused() {
        assertThat(guard.route("internal.example.org", 443))
                .isEqualTo(new Route.Refused("internal.example.org is 10.1.2.3, a private address"));
        assertThat(guard.route("mixed.example.org", 443))
                .isEqualTo(new Route.Refused("mixed.example.org is 169.254.169.254, a link-local address"));
        assertThat(guard.route("localhost", 443))
                .isEqualTo(new Route.Refused("localhost is 127.0.0.1, a loopback address"));
        assertThat(guard.route("nobody.example.org", 443))
                .isEqualTo(new Route.Unknown("no name server knows nobody.example.org"));
    }

    @Test
    void operatorAllowsPortsAndNetworks() {
        var open = guard(List.of("443", "8000-8999"), List.of("10.1.0.0/16", "fd00::/8"));

        assertThat(open.route("internal.example.org", 8000)).isInstanceOf(Route.Open.class);
        assertThat(open.route("fd00::5", 8999)).isInstanceOf(Route.Open.class);
        assertThat(open.route("10.2.0.1", 443)).isInstanceOf(Route.Refused.class);
        assertThat(open.route("hooks.example.org", 22))
                .isEqualTo(new Route.Refused("port 22 is not among those that the operator allows"));
        assertThat(open.objection("hooks.example.org", 9000)).isPresent();
        assertThat(open.objection("internal.example.org", 443)).isEmpty(); // a name is not looked up here
    }

    @ParameterizedTest
    @CsvSource({
        "0, 10.0.0.0/8, ports",
        "65536, 10.0.0.0/8, ports",
        "9-8, 10.0.0.0/8, ports",
        "https, 10.0.0.0/8, ports",
        "443, 10.0.0.0, networks",
        "443, 10.0.0.0/33, networks",
        "443, internal.example.org/8, networks",
        "443, 010.0.0.0/8, networks",
    })
    void settingOutOfFormIsNamed(String ports, String network, String key) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> guard(List.of(ports), List.of(network)))
                .withMessageStartingWith("holdfast.outbound." + key + " must ");
    }
}
