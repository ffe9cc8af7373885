package dev.holdfast.ingest.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.holdfast.ingest.http.WaitingRoom.Seat;
import dev.holdfast.job.Job;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;

/**
 * Writes the events of a job as they happen, until its end. While nothing happens a comment is written from time to
 * time, so that proxies keep the connection and a client that has gone is noticed.
 *
 * @param job as it stood when the stream was asked for
 * @param last the sequence of the last event that the client has
 * @param seat is given back at the end
 */
record EventStream(JobReader jobs, Job job, long last, Seat seat) implements StreamingOutput {

    private static final Duration COMMENT_EVERY = Duration.ofSeconds(15);

    /** When the connection breaks, the client is to come again after so many milliseconds. */
    private static final String HELLO = "retry: 2000\n\n";

    @Override
    public void write(OutputStream output) throws IOException {
        try (seat) {
            write(HELLO, output);
            stream(output);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt(); // the client comes again, to another process
        }
    }

    private void stream(OutputStream output) throws IOException, InterruptedException {
        var now = job;
        var sequence = last;
        var progress = "";
        while (true) {
            for (var step : JobEvents.after(sequence, now)) {
                write(JobEvents.text(step), output);
                sequence = step.sequence();
            }
            if (now.state().isFinal()) return;
            var further = JobEvents.progress(now);
            if (!further.equals(progress)) write(further, output);
            progress = further;
            var seen = now;
            now = jobs.awaitChange(seen, COMMENT_EVERY);
            if (JobVersion.of(now).equals(JobVersion.of(seen))) write(": still " + now.state() + "\n\n", output);
        }
    }

    private static void write(String text, OutputStream output) throws IOException {
        output.write(text.getBytes(UTF_8));
        output.flush();
    }
}
