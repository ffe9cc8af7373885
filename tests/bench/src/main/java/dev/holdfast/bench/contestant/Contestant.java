package dev.holdfast.bench.contestant;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A consumer that takes part in the race. It is told what to do line by line on standard input: {@code drain QUEUE N}
 * begins to consume and answers {@code handled} after N messages; {@code stop} answers with what was counted since,
 * then ends consuming. The end of the input ends the process.
 */
public interface Contestant {

    /** Begins to consume the queue. {@code handled} is to be called once per message. */
    void start(String queue, Runnable handled) throws Exception;

    /** Ends consuming; what was handled is acknowledged then. */
    void stop() throws Exception;

    /** What was counted since the start of the process, by name: calls, units. */
    Map<String, Double> counts();

    /** Obeys standard input until its end. */
    static void serve(Contestant contestant) throws Exception {
        var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        say("ready");
        for (var line = input.readLine(); line != null; line = input.readLine()) {
            var words = line.split(" ", -1);
            if (!words[0].equals("drain")) throw new IOException("cannot obey: " + line);
            drain(contestant, words[1], Integer.parseInt(words[2]), input);
        }
        System.exit(0);
    }

    private static void drain(Contestant contestant, String queue, int messages, BufferedReader input)
            throws Exception {
        var before = contestant.counts();
        var left = new AtomicInteger(messages);
        var handled = new CountDownLatch(1);
        contestant.start(queue, () -> {
            if (left.decrementAndGet() == 0) handled.countDown();
        });
        handled.await();
        say("handled");
        input.readLine();
        var counts = new StringBuilder("counts");
        contestant
                .counts()
                .forEach((name, value) ->
                        counts.append(' ').append(name).append('=').append(value - before.getOrDefault(name, 0.0)));
        say(counts.toString());
        contestant.stop();
        say("stopped");
    }

    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
