package dev.holdfast.worker.registration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.job.Job;
import dev.holdfast.job.JobPayload.Registration;
import dev.holdfast.job.JobState;
import dev.holdfast.run.JobHandler;
import dev.holdfast.testing.HandlerFaults;
import dev.holdfast.testing.Subject;
import dev.holdfast.testing.Workplace;
import dev.holdfast.tests.Cloud;
import dev.holdfast.users.User;
import dev.holdfast.users.UserTable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** In the package of the handler, whose constructor is for its package only. */
class RegistrationFaultsIT {

    private final AtomicInteger number = new AtomicInteger();

    @Test
    void effectsOfARegistrationStaySingle() throws Exception {
        try (var workplace = Workplace.at(Cloud.forFaults())) {
            var subject = new Subject(this::handler, this::payload, job -> effects(workplace, job));

            var report = HandlerFaults.run(workplace, subject);

            System.out.println(report);
            report.assertSingle();
            assertThat(report.state()).isEqualTo(JobState.SUCCEEDED);
            assertThat(report.calls()).containsExactly("DynamoDb.TransactWriteItems", "S3.PutObject");
            assertThat(report.effects()).hasSize(4); // the user, both guards, the copy
        }
    }

    private JobHandler handler(Workplace at) {
        var users = new UserTable(at.dynamo(), at.tables().userData(), at.jobs());
        var handler = new RegistrationHandler(users, at.s3(), at.resources(), at.clock());
        return run -> handler.handle(run, (Registration) run.job().spec().payload());
    }

    private Registration payload() {
        var name = "ada-" + number.incrementAndGet();
        return new Registration(name, name + "@example.org", Map.of());
    }

    private static List<String> effects(Workplace at, Job job) {
        var id = User.idFor(job.id());
        var items = at
                .dynamo()
                .scanPaginator(scan -> scan.tableName(at.tables().userData())
                        .consistentRead(true)
                        .filterExpression("user_id = :id OR #owner = :id")
                        .expressionAttributeNames(Map.of("#owner", "owner"))
                        .expressionAttributeValues(Map.of(":id", AttributeValue.fromS(id))))
                .items()
                .stream()
                .map(Object::toString);
        var copies = at
                .s3()
                .listObjectsV2Paginator(
                        list -> list.bucket(at.resources().bucket()).prefix("registrations/" + job.tenant() + "/" + id))
                .contents()
                .stream()
                .map(copy -> copy.key() + " " + copy.eTag());
        return Stream.concat(items, copies).sorted().toList();
    }
}
