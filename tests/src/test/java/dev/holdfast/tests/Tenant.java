package dev.holdfast.tests;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.holdfast.dynamo.Item;
import java.net.http.HttpRequest.BodyPublishers;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;

/** A tenant of its own in a house that others use too. */
record Tenant(House house, String name, Api api) {

    static Tenant in(House house) {
        var name = "t" + UUID.randomUUID().toString().substring(0, 8);
        var key = "hf_" + name.substring(1) + "_" + "k".repeat(43);
        try (var dynamo = Cloud.dynamo()) {
            dynamo.putItem(put -> put.tableName(house.table("access"))
                    .item(Item.empty()
                            .with("pk", "KEY#" + sha256(key))
                            .with("sk", "KEY")
                            .with("prefix", key.substring(0, 11))
                            .with("tenant", name)
                            .with("scopes", List.of("jobs:write", "jobs:read", "admin"))
                            .attributes()));
        }
        var tenant = new Tenant(house, name, house.api.as(key));
        tenant.addRepository("default");
        return tenant;
    }

    void addRepository(String repository) {
        try (var dynamo = Cloud.dynamo()) {
            dynamo.putItem(put -> put.tableName(house.table("catalog"))
                    .item(Item.empty()
                            .with("pk", "REPOSITORIES#" + name)
                            .with("sk", repository)
                            .with("created_at", Instant.now().toString())
                            .attributes()));
        }
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    Api.Answer settings(String json) {
        return api.send(api.request("/v1/notification-settings")
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(json)));
    }

    /** Puts a text on the notifier's queue. */
    void event(String body) {
        try (var sqs = Cloud.sqs()) {
            var url = sqs.getQueueUrl(get -> get.queueName(house.name + "-events"))
                    .queueUrl();
            sqs.sendMessage(send -> send.queueUrl(url).messageBody(body).messageGroupId(name));
        }
    }
}
