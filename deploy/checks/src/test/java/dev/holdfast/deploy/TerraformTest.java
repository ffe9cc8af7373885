package dev.holdfast.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TerraformTest {

    @Test
    void filesAreFormatted() {
        Tools.need("terraform", "the format of the Terraform files");
        assertThat(Tools.run(
                                Tools.ROOT.resolve("deploy/terraform"),
                                Plan.environment(),
                                List.of("terraform", "fmt", "-check", "-recursive", "-no-color"))
                        .text())
                .isEmpty();
    }

    @Test
    void moduleKeepsItsOwnTests() {
        var module = Plan.initialised().resolve("modules/holdfast");
        var printed = Tools.run(module, Plan.environment(), List.of("terraform", "test", "-no-color"));

        assertThat(printed.text()).contains("Success!").contains("0 failed");
        assertThat(printed.status()).isZero();
    }

    @Test
    void planKeepsAllRules() {
        assertThat(PlanRules.faults(Plan.ofExample())).isEmpty();
    }

    @Test
    void permissionsAreNarrowAndEnough() {
        assertThat(Permissions.faults(Permissions.file())).isEmpty();
    }

    /** A change that somebody may make to the module, and a part of what the rules say to it. */
    record Change(String what, Consumer<Plan> change, String fault) {
        @Override
        public String toString() {
            return what;
        }
    }

    static Stream<Change> wrongChanges() {
        return Stream.of(
                set(
                        "public bucket",
                        "aws_s3_bucket_public_access_block.data",
                        "block_public_policy",
                        false,
                        "be public"),
                gone("no public access block", "aws_s3_bucket_public_access_block.data", "be public"),
                gone("bucket without its policy", "aws_s3_bucket_policy.data", "without TLS"),
                gone("bucket without versions", "aws_s3_bucket_versioning.data", "keeps no versions"),
                set(
                        "resource * in a role",
                        "aws_iam_role_policy.part[\"worker\"]",
                        "policy",
                        policy("sqs:ReceiveMessage", "*"),
                        "reaches *"),
                set(
                        "all buckets in a role",
                        "aws_iam_role_policy.part[\"worker\"]",
                        "policy",
                        policy("s3:GetObject", "arn:aws:s3:::*"),
                        "reaches arn:aws:s3:::*"),
                set(
                        "action * in a role",
                        "aws_iam_role_policy.part[\"ingest\"]",
                        "policy",
                        policy("dynamodb:*", "arn:aws:dynamodb:eu-central-1:111122223333:table/holdfast-jobs"),
                        "allows dynamodb:*"),
                gone("no dead-letter queue", "aws_sqs_queue.dead_letters[\"bulk\"]", "dead-letter queue is missing"),
                set(
                        "queue without redrive",
                        "aws_sqs_queue.queue[\"quick\"]",
                        "redrive_policy",
                        "",
                        "holdfast-quick has no dead-letter queue"),
                set(
                        "low maxReceiveCount",
                        "aws_sqs_queue.queue[\"quick\"]",
                        "redrive_policy",
                        "{\"deadLetterTargetArn\":\"arn:aws:sqs:eu-central-1:111122223333:holdfast-quick-dlq\",\"maxReceiveCount\":3}",
                        "fewer than 10 receives"),
                set(
                        "forgetful dead-letter queue",
                        "aws_sqs_queue.dead_letters[\"quick\"]",
                        "message_retention_seconds",
                        345600,
                        "forgets sooner"),
                gone(
                        "dead-letter queue open to all queues",
                        "aws_sqs_queue_redrive_allow_policy.dead_letters[\"bulk\"]",
                        "takes messages of any queue"),
                set(
                        "queue of another name",
                        "aws_sqs_queue.queue[\"events\"]",
                        "name",
                        "holdfast-event",
                        "events is called holdfast-event"),
                set(
                        "table without recovery",
                        "aws_dynamodb_table.table[\"jobs\"]",
                        "point_in_time_recovery.0.enabled",
                        false,
                        "cannot be recovered"),
                set("table without TTL", "aws_dynamodb_table.table[\"jobs\"]", "ttl.0.enabled", false, "never forgets"),
                set(
                        "role for everybody",
                        "aws_iam_role.part[\"notify\"]",
                        "assume_role_policy",
                        "{\"Statement\": [{\"Effect\": \"Allow\", \"Principal\": \"*\", \"Action\": \"sts:AssumeRole\"}]}",
                        "may be taken by all"),
                set(
                        "key that stays the same",
                        "aws_kms_key.repositories",
                        "enable_key_rotation",
                        false,
                        "is never rotated"),
                set(
                        "key of another name",
                        "aws_kms_alias.repositories",
                        "name",
                        "alias/backups",
                        "no key of repositories"),
                gone(
                        "key open to the account",
                        "aws_kms_key_policy.repositories",
                        "who may use the key of repositories"),
                set(
                        "key of repositories for notify",
                        "aws_kms_key_policy.repositories",
                        "policy",
                        keyUse("holdfast-notify", "kms:Decrypt", "?*"),
                        "the key of repositories is used by {holdfast-notify=[kms:Decrypt]}"),
                set(
                        "key of repositories for administrators",
                        "aws_kms_key_policy.repositories",
                        "policy",
                        keyUse("root", "kms:*", "?*"),
                        "the key of repositories is used by {root=[kms:*]}"),
                set(
                        "key of repositories without a context",
                        "aws_kms_key_policy.repositories",
                        "policy",
                        keyUse("holdfast-worker", "kms:Decrypt", ""),
                        "can be used without naming a tenant"),
                set(
                        "queue open to everybody",
                        "aws_sqs_queue_policy.queue[\"quick\"]",
                        "policy",
                        "{\"Statement\": [{\"Effect\": \"Allow\", \"Principal\": \"*\", \"Action\": \"sqs:SendMessage\"}]}",
                        "lets everybody in"),
                gone(
                        "bounces unheard",
                        "aws_sesv2_configuration_set_event_destination.feedback",
                        "nobody hears of bounces"),
                gone(
                        "no alarm",
                        "aws_cloudwatch_metric_alarm.nobody_works[\"bulk\"]",
                        "there is no alarm nobody_works"));
    }

    @ParameterizedTest
    @MethodSource("wrongChanges")
    void wrongChangeIsCaught(Change change) {
        // given
        var plan = Plan.ofExample();
        change.change().accept(plan);

        // when
        var faults = PlanRules.faults(plan);

        // then
        assertThat(faults).anyMatch(fault -> fault.contains(change.fault()));
    }

    private static Change set(String what, String address, String path, Object value, String fault) {
        return new Change(what, plan -> Json.set(plan.get(address), path, value), fault);
    }

    private static Change gone(String what, String address, String fault) {
        return new Change(
                what,
                plan -> {
                    plan.get(address);
                    plan.planned().remove(address);
                },
                fault);
    }

    private static String keyUse(String role, String action, String tenant) {
        return """
                {"Statement": [{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:%s"}, "Action": ["%s"],
                  "Resource": "*", "Condition": {"StringLike": {"kms:EncryptionContext:tenant": "%s",
                    "kms:EncryptionContext:repository": "?*"}}}]}""".formatted(role.equals("root") ? role : "role/" + role, action, tenant);
    }

    private static String policy(String action, String resource) {
        return "{\"Statement\": [{\"Effect\": \"Allow\", \"Action\": [\"%s\"], \"Resource\": [\"%s\"]}]}"
                .formatted(action, resource);
    }
}
