package dev.holdfast.local.launcher;

import dev.holdfast.local.Checkout;
import dev.holdfast.local.StartFailure;
import java.util.List;

/** The main class behind {@code ./holdfast}. */
public final class Launcher {
    private Launcher() {}

    /** Does what the arguments say and exits with 0 (done), 1 (failed), 2 (wrong usage) or 3 (status: not ready). */
    public static void main(String[] arguments) {
        try {
            System.exit(run(List.of(arguments), Checkout.find()));
        } catch (UsageError error) {
            System.err.println("holdfast: " + error.getMessage() + "\n\n" + CommandLine.USAGE);
            System.exit(2);
        } catch (StartFailure failure) {
            System.err.println("holdfast: " + failure.getMessage());
            System.exit(1);
        }
    }

    private static int run(List<String> arguments, Checkout checkout) {
        Command command = CommandLine.parse(arguments, checkout.root().resolve(".holdfast"));
        if (Boolean.getBoolean("holdfast.check")) {
            return check(command);
        }
        return switch (command) {
            case Command.Up up -> new Up(up, checkout).run();
            case Command.Demo demo -> new DemoRun(demo, checkout).run();
            case Command.Status status -> Status.print(status.data());
            case Command.Down down -> Down.stop(down.data());
            case Command.Logs logs -> Logs.print(logs);
            case Command.Help help -> {
                System.out.print(CommandLine.USAGE);
                yield 0;
            }
        };
    }

    /** Asked by the script before it builds: whether the command can work at all. */
    private static int check(Command command) {
        if (command instanceof Command.Up up) {
            DataFolder.requireFree(up.data());
            Up.requireFreePort(up);
        }
        return 0;
    }
}
