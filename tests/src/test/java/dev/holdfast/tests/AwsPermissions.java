package dev.holdfast.tests;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;

import dev.holdfast.local.Child;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What the services asked of AWS in this build, by service, as their own meters count it. Each house leaves a file when
 * it is closed, since tests run in several processes. A service that was killed takes its count with it.
 */
final class AwsPermissions {

    private static final Pattern LINE =
            Pattern.compile("aws_permissions_total\\{action=\"([^\"]+)\",resource=\"([^\"]+)\"\\} .*");

    /** Of this build alone: an earlier one may have run other code. */
    private static final Path FOLDER = Cloud.CHECKOUT
            .root()
            .resolve("tests/target/aws-permissions")
            .resolve(System.getProperty("holdfast.build", "none"));

    private AwsPermissions() {}

    /** To be called before a house is closed: its processes are asked for the last time. */
    static void closing(House house) {
        var asked = new TreeSet<String>();
        house.stack.services().forEach(service -> note(house, service, asked));
        try {
            Files.createDirectories(FOLDER);
            Files.write(FOLDER.resolve(house.name), asked, CREATE, APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Of all houses closed in this build: {@code table/jobs dynamodb:PutItem} and so on, by service. */
    static Map<String, Set<String>> asked() throws IOException {
        var all = new TreeMap<String, Set<String>>();
        if (!Files.isDirectory(FOLDER)) return all;
        try (var houses = Files.list(FOLDER)) {
            for (var house : houses.toList()) {
                for (var line : Files.readAllLines(house)) {
                    var service = line.substring(0, line.indexOf(' '));
                    all.computeIfAbsent(service, any -> new TreeSet<>()).add(line.substring(service.length() + 1));
                }
            }
        }
        return all;
    }

    private static void note(House house, Child child, Set<String> asked) {
        var service = child.name().replaceFirst("-\\d+$", "");
        page(child.health().getLast().resolve("/q/metrics")).lines().forEach(line -> {
            var counted = LINE.matcher(line);
            if (!counted.matches()) return;
            var resource = counted.group(2).replace("/" + house.name + "-", "/");
            if (resource.equals("table/" + house.backedUpTable()) || resource.equals("table/" + house.missingTable())) {
                resource = "tables-to-back-up";
            }
            asked.add(service + " " + resource + " " + counted.group(1));
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
