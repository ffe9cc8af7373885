package dev.holdfast.local.launcher;

import dev.holdfast.local.Packaging;
import dev.holdfast.local.StackOptions;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads the arguments of {@code ./holdfast}. Options may be written {@code --name value} or {@code --name=value}. */
final class CommandLine {
    static final String USAGE = """
            Usage: ./holdfast COMMAND [OPTION…]

              up        build what is missing, start everything, stay in the foreground until Ctrl-C
                  --data DIR         keep data, logs and holdfast.env there (default: .holdfast)
                  --port N           port of the HTTP API (default: 8080)
                  --aws URL          use this AWS endpoint instead of the embedded stand-ins
                  --workers N        worker processes, 0 to 32 (default: 2)
                  --native           run the native executables
                  --without SERVICE  leave out ingest, worker or notify (may be repeated)
              demo      show on free ports and in a temporary folder that it works; exit code 0 if it does
                  --native           run the native executables
              status    what runs, how it is, where it is          [--data DIR]
              down      stop what runs                             [--data DIR]
              logs [SERVICE]  the last lines of all logs or of one [--data DIR] [--lines N] [--follow]
              help      this text

            Exit codes: 0 done, 1 failed, 2 wrong usage, 3 (status) not running or not ready.
            """;

    private static final int DEFAULT_PORT = 8080;
    private static final int DEFAULT_WORKERS = 2;
    private static final int DEFAULT_LINES = 40;

    private final Deque<String> rest;
    private Path data;
    private int port = DEFAULT_PORT;
    private Optional<URI> aws = Optional.empty();
    private int workers = DEFAULT_WORKERS;
    private Packaging packaging = Packaging.CACHED;
    private final Set<String> without = new HashSet<>();
    private int lines = DEFAULT_LINES;
    private boolean follow;
    private String service = "";

    private CommandLine(Path defaultData, List<String> arguments) {
        this.data = defaultData;
        this.rest = new ArrayDeque<>(arguments);
    }

    /**
     * Reads the arguments.
     *
     * @throws UsageError if they make no sense
     */
    static Command parse(List<String> arguments, Path defaultData) {
        if (arguments.isEmpty()) {
            throw new UsageError("a command is missing");
        }
        CommandLine line = new CommandLine(defaultData, arguments.subList(1, arguments.size()));
        return switch (arguments.getFirst()) {
            case "up" -> line.up();
            case "demo" -> line.demo();
            case "status" -> line.status();
            case "down" -> line.down();
            case "logs" -> line.logs();
            case "help", "--help", "-h" -> new Command.Help();
            default -> throw new UsageError("there is no command " + arguments.getFirst());
        };
    }

    private Command up() {
        readOptions(Set.of("--data", "--port", "--aws", "--workers", "--native", "--without"));
        return new Command.Up(data, port, aws, workers, packaging, without);
    }

    private Command demo() {
        readOptions(Set.of("--native"));
        return new Command.Demo(packaging);
    }

    private Command status() {
        readOptions(Set.of("--data"));
        return new Command.Status(data);
    }

    private Command down() {
        readOptions(Set.of("--data"));
        return new Command.Down(data);
    }

    private Command logs() {
        readOptions(Set.of("--data", "--lines", "--follow", "SERVICE"));
        return new Command.Logs(data, service, lines, follow);
    }

    private void readOptions(Set<String> known) {
        while (!rest.isEmpty()) {
            String argument = rest.removeFirst();
            int equals = argument.indexOf('=');
            if (argument.startsWith("--") && equals > 0) {
                rest.addFirst(argument.substring(equals + 1));
                argument = argument.substring(0, equals);
            }
            if (!argument.startsWith("-") && known.contains("SERVICE") && service.isEmpty()) {
                service = argument;
            } else if (!known.contains(argument)) {
                throw new UsageError("unknown here: " + argument);
            } else {
                readOption(argument);
            }
        }
    }

    private void readOption(String option) {
        switch (option) {
            case "--data" -> data = Path.of(value(option)).toAbsolutePath().normalize();
            case "--port" -> port = number(option, 1, 65_000);
            case "--aws" -> aws = Optional.of(endpoint(value(option)));
            case "--workers" -> workers = number(option, 0, 32);
            case "--native" -> packaging = Packaging.NATIVE;
            case "--without" -> without.add(service(value(option)));
            case "--lines" -> lines = number(option, 1, 100_000);
            case "--follow" -> follow = true;
            default -> throw new UsageError("unknown here: " + option);
        }
    }

    private String value(String option) {
        if (rest.isEmpty() || rest.getFirst().isEmpty()) {
            throw new UsageError(option + " needs a value");
        }
        return rest.removeFirst();
    }

    private int number(String option, int least, int most) {
        String text = value(option);
        if (!text.matches("\\d{1,6}") || Integer.parseInt(text) < least || Integer.parseInt(text) > most) {
            throw new UsageError(option + " must be a number from " + least + " to " + most + ", was " + text);
        }
        return Integer.parseInt(text);
    }

    private static String service(String name) {
        if (!StackOptions.SERVICES.contains(name)) {
            throw new UsageError("--without must be ingest, worker or notify, was " + name);
        }
        return name;
    }

    private static URI endpoint(String text) {
        if (!text.matches("https?://[^/?#\\s]+/?")) {
            throw new UsageError("--aws must be like http://127.0.0.1:4566, was " + text);
        }
        return URI.create(text.replaceAll("/$", ""));
    }
}
