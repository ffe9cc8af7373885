package dev.holdfast.tests;

import dev.holdfast.local.Child;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.regex.Pattern;

/**
 * What the services asked of AWS in this test run, by service, as their own meters count it. A process that was killed
 * takes its count with it.
 */
final class AwsPermissions {

    private static final Pattern LINE =
            Pattern.compile("aws_permissions_total\\{action=\"([^\"]+)\",resource=\"([^\"]+)\"\\} .*");
    private static final Map<String, Set<String>> ASKED = new ConcurrentHashMap<>();
    private static final Set<House> OPEN = ConcurrentHashMap.newKeySet();

    private AwsPermissions() {}

    static void opened(House house) {
        OPEN.add(house);
    }

    /** To be called before a house is closed: its processes are asked for the last time. */
    static void closing(House house) {
        if (OPEN.remove(house)) house.stack.services().forEach(service -> note(house, service));
    }

    /** Everything until now: {@code table/jobs dynamodb:PutItem} and so on, by service. */
    static Map<String, Set<String>> asked() {
        OPEN.forEach(house -> house.stack.services().forEach(service -> note(house, service)));
        var all = new TreeMap<String, Set<String>>();
        ASKED.forEach((service, permissions) -> all.put(service, new TreeSet<>(permissions)));
        return all;
    }

    private static void note(House house, Child child) {
        var service = child.name().replaceFirst("-\\d+$", "");
        var asked = ASKED.computeIfAbsent(service, any -> new ConcurrentSkipListSet<>());
        page(child.health().getLast().resolve("/q/metrics")).lines().forEach(line -> {
            var counted = LINE.matcher(line);
            if (!counted.matches()) return;
            var resource = counted.group(2).replace("/" + house.name + "-", "/");
            asked.add(resource + " " + counted.group(1));
        });
    }

    /** What a process answers; nothing if it is gone. */
    private static String page(URI metrics) {
        try (var http = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(metrics)
                    .timeout(Duration.ofSeconds(2))
                    .build();
            return http.send(request, BodyHandlers.ofString()).body();
        } catch (IOException gone) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new IOException(e));
        }
    }
}
