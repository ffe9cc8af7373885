package dev.holdfast.local.launcher;

import dev.holdfast.local.ApiKey;
import dev.holdfast.local.AwsEndpoints;
import dev.holdfast.local.Checkout;
import dev.holdfast.local.Child;
import dev.holdfast.local.Ports;
import dev.holdfast.local.Stack;
import dev.holdfast.local.StackOptions;
import dev.holdfast.local.StandInOptions;
import dev.holdfast.local.StandIns;
import dev.holdfast.local.StartFailure;
import dev.holdfast.local.Supervisor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** Runs everything in the foreground until SIGINT, SIGTERM or SIGHUP. */
final class Up {
    private final Command.Up command;
    private final Checkout checkout;
    private final Teardown teardown = new Teardown();
    private final List<Child> children = new ArrayList<>();

    Up(Command.Up command, Checkout checkout) {
        this.command = command;
        this.checkout = checkout;
    }

    /** Never returns: the end comes by a signal, and {@link Teardown} makes it exit code 0. */
    int run() {
        long start = System.nanoTime();
        DataFolder folder = DataFolder.claim(command.data());
        requireFreePort(command);
        teardown.last(folder::forget);
        teardown.last(folder::close);
        teardown.install();
        try {
            folder.turnLogs();
            AwsEndpoints aws = aws(folder);
            Stack stack = services(folder, aws);
            children.addAll(stack.services());
            folder.note(children);
            folder.publish(variables(stack));
            teardown.first(Supervisor.watch(() -> children, child -> restarted(child, folder, stack))::close);
            Banner.print(command, stack, folder, (System.nanoTime() - start) / 1e9);
            new CountDownLatch(1).await();
        } catch (StartFailure failure) {
            System.err.println("holdfast: " + failure.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        teardown.failed();
        return 1;
    }

    /** Throws a {@link StartFailure} if the port is taken. */
    static void requireFreePort(Command.Up command) {
        if (!command.without().contains("ingest") && !Ports.isFree(command.port())) {
            throw new StartFailure(
                    "port " + command.port() + " is taken by another program; --port N takes another one");
        }
    }

    private AwsEndpoints aws(DataFolder folder) {
        if (command.aws().isPresent()) {
            System.out.println("using AWS at " + command.aws().get());
            return Foreign.endpoints(command.aws().get(), System.getenv());
        }
        System.out.println("starting SQS, S3, SES and DynamoDB …");
        StandIns standIns = StandIns.start(StandInOptions.on(folder.data(), checkout, folder.logs())
                .withFullJit()
                .from(command.port() + 2));
        teardown.first(standIns::close);
        children.addAll(standIns.children());
        folder.note(children);
        return standIns.endpoints();
    }

    private Stack services(DataFolder folder, AwsEndpoints aws) {
        System.out.println("starting the services …");
        Map<String, String> more = command.aws().isPresent() ? Foreign.sessionToken(System.getenv()) : Map.of();
        Stack stack = Stack.start(new StackOptions(
                checkout,
                aws,
                folder.logs(),
                ApiKey.in(folder.apiKey()),
                more,
                name -> Map.of(),
                command.workers(),
                command.port(),
                true,
                command.packaging(),
                command.without()));
        teardown.first(stack::close);
        return stack;
    }

    private void restarted(Child child, DataFolder folder, Stack stack) {
        System.out.println(child.name() + " had died and was started again (pid " + child.pid() + ")");
        folder.note(children);
        folder.publish(variables(stack));
    }

    /** What holdfast.env holds; with --without also what the service that is left out needs to join in. */
    private Map<String, String> variables(Stack stack) {
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("HOLDFAST_URL", stack.url().toString());
        variables.put("HOLDFAST_API_KEY", stack.apiKey());
        stack.aws().mailbox().ifPresent(mailbox -> variables.put("HOLDFAST_MAILBOX_URL", mailbox.toString()));
        variables.put("HOLDFAST_BUCKET", StackOptions.BUCKET);
        variables.putAll(stack.aws().environment());
        for (Child service : stack.services()) {
            String name = service.name().toUpperCase(Locale.ROOT).replace('-', '_');
            variables.put("HOLDFAST_PID_" + name, String.valueOf(service.pid()));
        }
        if (!command.without().isEmpty()) {
            variables.put("HOLDFAST_RESOURCES_PROVISION", "true");
            variables.put("HOLDFAST_ACCESS_BOOTSTRAP_KEY", stack.apiKey());
            variables.put("HOLDFAST_PUBLIC_URL", stack.url().toString());
            variables.put("QUARKUS_S3_PATH_STYLE_ACCESS", "true");
        }
        return variables;
    }
}
