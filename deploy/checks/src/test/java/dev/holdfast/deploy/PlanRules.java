package dev.holdfast.deploy;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What must be true of everything that Terraform would make. */
final class PlanRules {

    private static final String ANY = "*";

    /** Actions for which IAM knows no resource. */
    private static final List<String> OF_THE_ACCOUNT = List.of("ses:GetAccount", "sns:Publish");

    private PlanRules() {}

    static List<String> faults(Plan plan) {
        var faults = new ArrayList<String>();
        queues(plan, faults);
        tables(plan, faults);
        bucket(plan, faults);
        policies(plan, faults);
        KeyRules.check(plan, faults);
        mail(plan, faults);
        alarms(plan, faults);
        return faults;
    }

    private static void queues(Plan plan, List<String> faults) {
        for (var queue : List.of("quick", "bulk", "events", "webhooks", "mail-feedback")) {
            var own = plan.planned().get("aws_sqs_queue.queue[\"" + queue + "\"]");
            var letters = plan.planned().get("aws_sqs_queue.dead_letters[\"" + queue + "\"]");
            if (own == null || letters == null) {
                faults.add("queue " + queue + " or its dead-letter queue is missing");
                continue;
            }
            var name = Json.text(own, "name");
            check(faults, name.equals("holdfast-" + queue), queue + " is called " + name);
            check(faults, Json.text(letters, "name").equals(name + "-dlq"), name + " has no queue " + name + "-dlq");
            var redrive =
                    Json.parse(Json.text(own, "redrive_policy").isEmpty() ? "{}" : Json.text(own, "redrive_policy"));
            check(
                    faults,
                    Json.text(redrive, "deadLetterTargetArn").endsWith(":" + name + "-dlq"),
                    name + " has no dead-letter queue");
            check(
                    faults,
                    Json.number(redrive, "maxReceiveCount") >= 10,
                    name + " gives messages up after fewer than 10 receives");
            check(
                    faults,
                    Json.number(letters, "message_retention_seconds") >= Json.number(own, "message_retention_seconds"),
                    name + "-dlq forgets sooner than " + name);
            check(faults, Json.number(own, "receive_wait_time_seconds") == 20, name + " answers polls too soon");
            var allow = plan.planned().get("aws_sqs_queue_redrive_allow_policy.dead_letters[\"" + queue + "\"]");
            check(
                    faults,
                    allow != null && Json.text(allow, "redrive_allow_policy").contains("byQueue"),
                    name + "-dlq takes messages of any queue");
        }
        plan.type("aws_sqs_queue")
                .forEach((address, queue) -> check(
                        faults,
                        Json.at(queue, "sqs_managed_sse_enabled").isJsonNull()
                                && !queue.has("kms_master_key_id")
                                && Json.number(queue, "kms_data_key_reuse_period_seconds") > 0,
                        address + " is not encrypted with the key"));
    }

    private static void tables(Plan plan, List<String> faults) {
        plan.type("aws_dynamodb_table").forEach((address, table) -> {
            check(faults, yes(table, "point_in_time_recovery.0.enabled"), address + " cannot be recovered");
            check(faults, yes(table, "server_side_encryption.0.enabled"), address + " is not encrypted with the key");
            check(
                    faults,
                    Json.text(table, "ttl.0.attribute_name").equals("ttl") && yes(table, "ttl.0.enabled"),
                    address + " never forgets");
            check(faults, Json.text(table, "billing_mode").equals("PAY_PER_REQUEST"), address + " is not on demand");
            check(faults, yes(table, "deletion_protection_enabled"), address + " can be deleted by mistake");
        });
    }

    private static void bucket(Plan plan, List<String> faults) {
        var block = plan.planned().get("aws_s3_bucket_public_access_block.data");
        for (var flag :
                List.of("block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets")) {
            check(faults, block != null && yes(block, flag), "the bucket can be public: " + flag);
        }
        var versioning = plan.planned().get("aws_s3_bucket_versioning.data");
        check(
                faults,
                versioning != null
                        && Json.text(versioning, "versioning_configuration.0.status")
                                .equals("Enabled"),
                "the bucket keeps no versions");
        var policy = plan.planned().get("aws_s3_bucket_policy.data");
        check(
                faults,
                policy != null
                        && statements(policy, "policy")
                                .anyMatch(statement ->
                                        Json.text(statement, "Effect").equals("Deny")
                                                && Json.text(statement, "Condition.Bool.aws:SecureTransport")
                                                        .equals("false")),
                "the bucket can be read without TLS");
        var rules = plan.planned().get("aws_s3_bucket_lifecycle_configuration.data");
        check(
                faults,
                rules != null
                        && Json.list(rules, "rule").stream()
                                .anyMatch(rule ->
                                        Json.text(rule, "filter.0.prefix").equals("uploads/")
                                                && Json.number(rule, "expiration.0.days") == 7),
                "uploads that nobody used are kept for ever");
        var encryption = plan.planned().get("aws_s3_bucket_server_side_encryption_configuration.data");
        check(
                faults,
                encryption != null
                        && Json.text(encryption, "rule.0.apply_server_side_encryption_by_default.0.sse_algorithm")
                                .equals("aws:kms"),
                "the bucket is not encrypted with the key");
    }

    /** No role may do everything, or something to everything; no other account is let in. */
    private static void policies(Plan plan, List<String> faults) {
        plan.type("aws_iam_role_policy")
                .forEach((address, policy) -> statements(policy, "policy").forEach(statement -> {
                    for (var action : texts(statement, "Action")) {
                        check(faults, !action.contains(ANY), address + " allows " + action);
                    }
                    if (Json.text(statement, "Effect").equals("Deny")) return;
                    for (var resource : texts(statement, "Resource")) {
                        if (resource.equals(ANY) && OF_THE_ACCOUNT.containsAll(texts(statement, "Action"))) continue;
                        check(
                                faults,
                                resource.startsWith("arn:aws:")
                                        && !resource.matches("arn:aws:[a-z0-9]+:.*:\\*|.*:::\\*.*"),
                                address + " reaches " + resource);
                    }
                }));
        plan.type("aws_iam_role")
                .forEach((address, role) -> statements(role, "assume_role_policy")
                        .forEach(statement -> {
                            check(
                                    faults,
                                    !Json.text(statement, "Principal").equals(ANY),
                                    address + " may be taken by all");
                            check(
                                    faults,
                                    !Json.members(statement, "Condition").isEmpty(),
                                    address + " may be taken without a condition");
                        }));
        for (var type :
                List.of("aws_sqs_queue_policy", "aws_sns_topic_policy", "aws_s3_bucket_policy", "aws_kms_key_policy")) {
            plan.type(type)
                    .forEach((address, policy) -> statements(policy, "policy")
                            .filter(statement -> Json.text(statement, "Effect").equals("Allow"))
                            .forEach(statement -> check(
                                    faults,
                                    !Json.text(statement, "Principal").equals(ANY)
                                            && !Json.text(statement, "Principal.AWS")
                                                    .equals(ANY),
                                    address + " lets everybody in")));
        }
    }

    private static void mail(Plan plan, List<String> faults) {
        var events = plan.planned().get("aws_sesv2_configuration_set_event_destination.feedback");
        check(
                faults,
                events != null
                        && texts(events, "event_destination.0.matching_event_types")
                                .containsAll(List.of("BOUNCE", "COMPLAINT")),
                "nobody hears of bounces and complaints");
        check(faults, plan.has("aws_sns_topic_subscription.mail_feedback"), "what SES tells does not reach the queue");
    }

    private static void alarms(Plan plan, List<String> faults) {
        for (var alarm : List.of(
                "oldest_message[\"quick\"]",
                "oldest_message[\"bulk\"]",
                "dead_letters[\"quick\"]",
                "dead_letters[\"bulk\"]",
                "dead_letters[\"events\"]",
                "in_flight[\"quick\"]",
                "in_flight[\"bulk\"]",
                "nobody_works[\"quick\"]",
                "nobody_works[\"bulk\"]")) {
            check(faults, plan.has("aws_cloudwatch_metric_alarm." + alarm), "there is no alarm " + alarm);
        }
    }

    static Stream<JsonElement> statements(JsonObject holder, String field) {
        var text = Json.text(holder, field);
        if (text.isEmpty())
            return Stream.of(Json.parse("{\"Action\": \"*\", \"Resource\": \"*\", \"Principal\": \"*\"}"));
        return Json.list(Json.parse(text), "Statement").stream();
    }

    /** One text or several. */
    static List<String> texts(JsonElement tree, String path) {
        var found = Json.at(tree, path);
        if (found.isJsonPrimitive()) return List.of(found.getAsString());
        return Json.list(tree, path).stream().map(JsonElement::getAsString).toList();
    }

    private static boolean yes(JsonElement tree, String path) {
        return Json.text(tree, path).equals("true");
    }

    private static void check(List<String> faults, boolean good, String fault) {
        if (!good) faults.add(fault);
    }
}
