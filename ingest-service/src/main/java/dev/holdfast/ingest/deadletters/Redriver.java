package dev.holdfast.ingest.deadletters;

import dev.holdfast.core.Range;
import dev.holdfast.ingest.access.AuditLog;
import dev.holdfast.ingest.access.Caller;
import dev.holdfast.queue.Message;
import dev.holdfast.queue.QueueConfig;
import dev.holdfast.queue.QueueNames;
import dev.holdfast.queue.QueueSender;
import dev.holdfast.queue.QueueUrl;
import dev.holdfast.trace.Tracing;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import software.amazon.awssdk.services.sqs.SqsClient;

/** Sends dead letters to their queues again, as fast as was asked for, and on record. */
@Singleton
final class Redriver {

    /** The message group of what is nobody's. */
    private static final String NOBODY = "none";

    private final DeadLetters letters;
    private final AuditLog audit;
    private final InstantSource clock;
    private final Duration limit;
    private final Map<Origin, QueueSender> queues = new EnumMap<>(Origin.class);

    Redriver(
            DeadLetters letters,
            AuditLog audit,
            InstantSource clock,
            DeadLettersConfig settings,
            SqsClient sqs,
            QueueNames names,
            QueueConfig config,
            Tracing tracing) {
        Range.check(
                "holdfast.dead-letters.redrive-for",
                settings.redriveFor(),
                Duration.ofSeconds(1),
                Duration.ofMinutes(5));
        this.limit = settings.redriveFor();
        this.letters = letters;
        this.audit = audit;
        this.clock = clock;
        for (var origin : Origin.values()) {
            queues.put(
                    origin, new QueueSender(sqs, new QueueUrl(sqs, origin.queue(names)), config.sendWait(), tracing));
        }
    }

    /**
     * What came of a redrive.
     *
     * @param remaining letters that match and were not sent, because this was a dry run or the time was over
     */
    record Redriven(int matched, int redriven, int remaining, boolean dryRun) {}

    /** @param traceparent the trace of letters that have none */
    Redriven redrive(Caller caller, RedriveRequest request, String traceparent) throws InterruptedException {
        var record = audit.begin(caller, "dead-letters.redrive", request.arguments());
        var work = new Work(request, traceparent);
        try {
            work.run(caller.tenant());
        } finally {
            audit.end(
                    record,
                    Map.of("matched", Integer.toString(work.matched), "redriven", Integer.toString(work.redriven)));
        }
        return new Redriven(work.matched, work.redriven, work.matched - work.redriven, request.isDryRun());
    }

    /** One redrive, as far as it has come. */
    private final class Work {

        private final RedriveRequest request;
        private final String traceparent;
        private final Pace pace;
        private final List<DeadLetter> batch = new ArrayList<>();
        private final long begun = System.nanoTime();
        private int matched;
        private int redriven;

        Work(RedriveRequest request, String traceparent) {
            this.request = request;
            this.traceparent = traceparent;
            this.pace = new Pace(request.rate());
        }

        /** What comes back dead in the meantime was sent later than now, and is not met again. */
        void run(String tenant) throws InterruptedException {
            var found = letters.oldest(request.lane(), tenant, clock.instant());
            for (var letter : (Iterable<DeadLetter>) found::iterator) {
                if (!request.picked().picks(letter)) continue;
                matched++;
                if (request.isDryRun() || elapsed().compareTo(limit) >= 0) continue;
                batch.add(letter);
                if (batch.size() == pace.batch()) send();
            }
            send();
        }

        /** Sent before they are forgotten: a letter that goes out twice is absorbed, one that is lost is lost. */
        private void send() throws InterruptedException {
            if (batch.isEmpty()) return;
            Thread.sleep(pace.pause(redriven, elapsed()));
            Objects.requireNonNull(queues.get(request.lane()))
                    .sendAll(batch.stream().map(this::message).toList());
            letters.remove(batch);
            redriven += batch.size();
            batch.clear();
        }

        private Message message(DeadLetter letter) {
            return new Message(
                    letter.body(),
                    letter.subject().tenant().orElse(NOBODY),
                    Duration.ZERO,
                    letter.traceparent().orElse(traceparent));
        }

        private Duration elapsed() {
            return Duration.ofNanos(System.nanoTime() - begun);
        }
    }
}
