package dev.holdfast.local.launcher;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Shows the logs of a running or ended {@code up}. */
final class Logs {
    private Logs() {}

    static int print(Command.Logs wanted) {
        List<Path> logs = logs(DataFolder.logs(wanted.data()), wanted.service());
        if (logs.isEmpty()) {
            System.err.println("holdfast: no log "
                    + (wanted.service().isEmpty() ? "" : "of " + wanted.service() + " ") + "in "
                    + DataFolder.logs(wanted.data()) + "; there are " + names(DataFolder.logs(wanted.data())));
            return 1;
        }
        try {
            List<String> tail = new ArrayList<>(List.of("tail", "-n", String.valueOf(wanted.lines())));
            if (wanted.follow()) {
                tail.add("-F");
                logs.forEach(log -> tail.add(log.toString()));
                return new ProcessBuilder(tail).inheritIO().start().waitFor();
            }
            for (Path log : logs) {
                show(log, wanted.lines(), logs.size() > 1);
            }
            return 0;
        } catch (IOException e) {
            System.err.println("holdfast: cannot read the logs: " + e);
            return 1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }

    private static void show(Path log, int lines, boolean named) throws IOException {
        List<String> all = new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
                .lines()
                .toList();
        if (named) {
            System.out.println("==> " + name(log) + " <==");
        }
        all.subList(Math.max(0, all.size() - lines), all.size()).forEach(System.out::println);
    }

    private static List<Path> logs(Path folder, String service) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".log"))
                    .filter(file -> service.isEmpty()
                            || name(file).equals(service)
                            || name(file).startsWith(service + "-"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private static List<String> names(Path folder) {
        return logs(folder, "").stream().map(Logs::name).toList();
    }

    private static String name(Path log) {
        return log.getFileName().toString().replaceAll("\\.log$", "");
    }
}
