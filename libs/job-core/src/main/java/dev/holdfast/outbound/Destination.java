package dev.holdfast.outbound;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Whom a URL calls, taken apart once and strictly, so that no other program reads it otherwise.
 *
 * @param secure whether by TLS
 * @param host a name in lower case without a dot at its end, or an address (IPv6 without brackets)
 * @param port 1 to 65535
 * @param path with the query, begins with a slash
 */
public record Destination(boolean secure, String host, int port, String path) {

    private static final int LONGEST = 2_000;
    private static final Pattern NAME =
            Pattern.compile("(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    /** What some programs read as a number, and so as an address. */
    private static final Pattern NUMBER = Pattern.compile("(.*\\.)?([0-9]+|0x[0-9a-f]*)");

    /**
     * Reads an https URL.
     *
     * @param plain whether http may be used as well
     * @throws IllegalArgumentException when it is none, or not plain enough to be read by all programs alike; the
     *     message says why
     */
    public static Destination of(String url, boolean plain) {
        var uri = uri(url);
        var scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        var secure = scheme.equals("https");
        if (!secure && !(plain && scheme.equals("http"))) throw refused("must begin with https://");
        if (uri.getRawFragment() != null) throw refused("must have no #fragment");
        if (uri.getRawUserInfo() != null
                || String.valueOf(uri.getRawAuthority()).contains("@")) {
            throw refused("must have no user or password before the host");
        }
        var port = uri.getPort() < 0 ? secure ? 443 : 80 : uri.getPort();
        if (port < 1 || port > 65_535) throw refused("must have a port of 1 to 65535");
        return new Destination(secure, host(uri), port, path(uri));
    }

    private static URI uri(String url) {
        if (url.length() > LONGEST) throw refused("must have at most " + LONGEST + " characters");
        if (!url.chars().allMatch(character -> character > ' ' && character < 0x7f)) {
            throw refused("must be ASCII: write the name of the host in its form xn--…, and all else percent-encoded");
        }
        try {
            return new URI(url);
        } catch (URISyntaxException e) {
            throw refused("must be a URL: " + e.getReason());
        }
    }

    private static String host(URI uri) {
        var host = Optional.ofNullable(uri.getHost()).orElse("").toLowerCase(Locale.ROOT);
        if (host.startsWith("[")) {
            var address = host.substring(1, host.length() - 1);
            if (!Network.isLiteral(address)) throw refused("must name a host, and an IPv6 address without a zone");
            return address;
        }
        if (host.endsWith(".")) host = host.substring(0, host.length() - 1);
        if (Network.isLiteral(host)) return host;
        if (NUMBER.matcher(host).matches() || !NAME.matcher(host).matches()) {
            throw refused("must name a host: letters, digits and dashes, or an address in its usual form");
        }
        return host;
    }

    private static String path(URI uri) {
        var path = Optional.ofNullable(uri.getRawPath()).orElse("");
        var query =
                Optional.ofNullable(uri.getRawQuery()).map(some -> "?" + some).orElse("");
        return (path.isEmpty() ? "/" : path) + query;
    }

    private static IllegalArgumentException refused(String why) {
        return new IllegalArgumentException(why);
    }

    /** The URL without its query, which may hold a secret. */
    public String shown() {
        var name = host.contains(":") ? "[" + host + "]" : host;
        var usual = port == (secure ? 443 : 80);
        var end = path.indexOf('?');
        return (secure ? "https://" : "http://")
                + name
                + (usual ? "" : ":" + port)
                + (end < 0 ? path : path.substring(0, end));
    }
}
