package dev.holdfast.tests.faults;

import dev.holdfast.local.Child;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Collection;

/** The figures that processes report of themselves. */
final class Meters {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private Meters() {}

    /** A counter's or gauge's sum over all its tags and all these processes; one that is being restarted counts 0. */
    static double sum(Collection<Child> processes, String metric) {
        return processes.stream().mapToDouble(process -> sum(process, metric)).sum();
    }

    private static double sum(Child process, String metric) {
        try {
            var request =
                    HttpRequest.newBuilder(process.url().resolve("/q/metrics")).build();
            return HTTP.send(request, BodyHandlers.ofString())
                    .body()
                    .lines()
                    .filter(line -> line.startsWith(metric + "{") || line.startsWith(metric + " "))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                    .sum();
        } catch (java.net.ConnectException away) {
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stop);
        }
    }
}
