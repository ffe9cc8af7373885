package dev.holdfast.tests.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.holdfast.tests.faults.Fault.Moment;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands between one process and one AWS endpoint, counts what is asked, and breaks what its rules say. A virtual
 * thread for each connection; connections are kept alive on both sides.
 */
final class FaultProxy implements AutoCloseable {

    private final String process;
    private final AwsService service;
    private final URI target;
    private final ServerSocket server;
    private final List<ArmedRule> rules = new CopyOnWriteArrayList<>();
    private final Map<String, AtomicInteger> calls = new ConcurrentHashMap<>();

    private FaultProxy(String process, AwsService service, URI target, ServerSocket server) {
        this.process = process;
        this.service = service;
        this.target = target;
        this.server = server;
    }

    /** Starts a proxy on a free port of 127.0.0.1; {@code process} is whose calls it carries. */
    static FaultProxy start(String process, AwsService service, URI target) {
        try {
            var server = new ServerSocket(0, 256, InetAddress.ofLiteral("127.0.0.1"));
            var proxy = new FaultProxy(process, service, target, server);
            Thread.ofVirtual().name("proxy-" + service).start(proxy::accept);
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    AwsService service() {
        return service;
    }

    /** Where the process is to find the service. */
    URI url() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort());
    }

    /** From now on calls suffer what the rule says. Of several rules on one call each has its effect, oldest first. */
    ArmedRule arm(Rule rule) {
        var armed = new ArmedRule(rule);
        arm(armed);
        return armed;
    }

    /** The same with a rule that other proxies have too: they count together. */
    void arm(ArmedRule shared) {
        rules.add(shared);
    }

    /** Lifts all rules. */
    void heal() {
        rules.forEach(ArmedRule::lift);
        rules.clear();
    }

    /** How often an action was asked for, whatever became of it. */
    int calls(String action) {
        return calls.getOrDefault(action, new AtomicInteger()).get();
    }

    /** All actions that were asked for, with their numbers. */
    Map<String, Integer> calls() {
        var numbers = new TreeMap<String, Integer>();
        calls.forEach((action, number) -> numbers.put(action, number.get()));
        return numbers;
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                var client = server.accept();
                client.setTcpNoDelay(true);
                Thread.ofVirtual().name("proxied-" + service).start(() -> serve(client));
            } catch (IOException closed) {
                if (!server.isClosed()) throw new UncheckedIOException(closed);
            }
        }
    }

    private void serve(Socket client) {
        try (client;
                var upstream = new Upstream(target)) {
            var in = new BufferedInputStream(client.getInputStream());
            var out = client.getOutputStream();
            while (true) {
                var request = HttpMessage.readRequest(in, out);
                if (request.isEmpty()) return;
                var answer = answer(AwsCall.of(service, request.get()), upstream);
                if (answer.isEmpty()) {
                    client.setSoLinger(true, 0); // broken, not closed
                    return;
                }
                answer.get().writeTo(out);
            }
        } catch (IOException gone) {
            // the process or the stand-in hung up; the other side sees the same
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    /** The answer; empty when the caller gets none. */
    private Optional<HttpMessage> answer(AwsCall call, Upstream upstream) throws IOException, InterruptedException {
        calls.computeIfAbsent(call.action(), action -> new AtomicInteger()).incrementAndGet();
        var faults = rules.stream()
                .filter(rule -> rule.strikes(call))
                .flatMap(rule -> rule.rule().faults().stream())
                .toList();
        var batch = Optional.<SqsBatch>empty();
        var times = 1;
        for (var fault : faults) {
            switch (fault) {
                case Fault.Delay(var time) -> Thread.sleep(time);
                case Fault.Throttle() -> {
                    return Optional.of(service.throttled());
                }
                case Fault.Denied() -> {
                    return Optional.of(service.denied());
                }
                case Fault.ServerError() -> {
                    return Optional.of(service.failed());
                }
                case Fault.Cut(var moment)
                when moment == Moment.BEFORE_FORWARDING -> {
                    return Optional.empty();
                }
                case Fault.Call(var moment, var hook) when moment == Moment.BEFORE_FORWARDING -> hook.accept(process);
                case Fault.Duplicate() -> times = 2;
                case Fault.PartialBatchFailure(var entries) ->
                    batch = Optional.of(SqsBatch.without(entries, call.request()));
                case Fault.Cut _, Fault.Call _, Fault.Corrupt _, Fault.Rewrite _ -> {}
            }
        }
        var request = batch.map(SqsBatch::request).orElse(call.request());
        var answer = upstream.send(request);
        if (times == 2) answer = upstream.send(request);
        if (batch.isPresent()) answer = batch.get().answer(answer);
        return onTheWayBack(faults, answer);
    }

    private Optional<HttpMessage> onTheWayBack(List<Fault> faults, HttpMessage original) {
        var answer = original;
        for (var fault : faults) {
            switch (fault) {
                case Fault.Cut(var moment)
                when moment == Moment.AFTER_FORWARDING -> {
                    return Optional.empty();
                }
                case Fault.Call(var moment, var hook) when moment == Moment.AFTER_FORWARDING -> hook.accept(process);
                case Fault.Corrupt() -> answer = corrupt(answer);
                case Fault.Rewrite(var change) ->
                    answer = answer.withBody(change.apply(answer.text()).getBytes(UTF_8));
                case Fault.Cut _, Fault.Call _ -> {}
                case Fault.Delay _, Fault.Throttle _, Fault.Denied _, Fault.ServerError _ -> {}
                case Fault.Duplicate _, Fault.PartialBatchFailure _ -> {}
            }
        }
        return Optional.of(answer);
    }

    private static HttpMessage corrupt(HttpMessage answer) {
        var body = answer.body().clone();
        if (body.length > 0) body[body.length / 2] ^= 0x10;
        return new HttpMessage(answer.startLine(), answer.headers(), body);
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
