package dev.holdfast.notify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.core.TableNames;
import dev.holdfast.job.Job;
import dev.holdfast.job.JobId;
import dev.holdfast.job.JobPayload;
import dev.holdfast.job.JobSpec;
import dev.holdfast.job.Notify;
import dev.holdfast.mail.Alert;
import dev.holdfast.mail.Alert.Fact;
import dev.holdfast.mail.MailKind;
import dev.holdfast.table.JobIndex;
import dev.holdfast.table.JobTable;
import dev.holdfast.table.JobTableConfig;
import dev.holdfast.tests.Cloud;
import dev.holdfast.tests.Settings;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What a digest counts, on a table of its own. */
class SummariesIT {

    private static final JobPayload WORK = new JobPayload.Registration("ada", "ada@example.org", Map.of());

    @Test
    void partsOfAJobAreNotCountedBesideIt() {
        var now = Instant.now();
        var random = new Random();
        var prefix = "summaries-" + UUID.randomUUID() + "-";
        var tables = new TableNames(prefix);
        try (var dynamo = Cloud.dynamo()) {
            // given
            JobTable.resource(dynamo, tables.jobs()).provision();
            var keeping = Settings.of(Map.of(), JobTableConfig.class).getConfigMapping(JobTableConfig.class);
            var jobs = new JobTable(dynamo, tables.jobs(), keeping, () -> now, random);
            var spec = new JobSpec(WORK, Notify.NOBODY, Optional.empty(), Optional.empty(), 3, Map.of());
            var job = Job.accepted(JobId.timeOrdered(now, random), "acme", spec, "x", "", now);
            jobs.submit(job);
            for (var i = 0; i < 3; i++) jobs.submit(job.child(i, WORK, now));
            var summaries = new Summaries(new JobIndex(dynamo, tables.jobs()));

            // when
            var summary = summaries.of(Alert.of(
                    MailKind.DIGEST,
                    "acme",
                    "today",
                    List.of("ops@example.org"),
                    now,
                    Map.of(
                            Fact.SINCE, now.minus(Duration.ofHours(1)).toString(),
                            Fact.UNTIL, now.plus(Duration.ofHours(1)).toString(),
                            Fact.PERIOD, "DAY UTC")));

            // then
            assertThat(summary.open()).isOne();
        }
    }
}
