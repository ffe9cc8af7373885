package dev.holdfast.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.util.UUID;

/** A tenant of its own in a house that others use too. */
record Tenant(House house, String name, Api api) {

    static Tenant in(House house) {
        return withQuotas(house, "{}");
    }

    static Tenant withQuotas(House house, String quotas) {
        var name = "t" + UUID.randomUUID().toString().substring(0, 8);
        var added = house.api.post("/v1/admin/tenants", "{\"name\": \"%s\", \"quotas\": %s}".formatted(name, quotas));
        assertThat(added.status()).as(added.body().toString()).isEqualTo(201);
        var key = house.key(name, "jobs:write", "jobs:read", "admin");
        return new Tenant(house, name, house.api.as(key));
    }

    /** The same with a repository {@code default}. */
    static Tenant withRepository(House house) {
        var tenant = in(house);
        tenant.addRepository("default");
        return tenant;
    }

    void addRepository(String repository) {
        var answer = api.post("/v1/repositories", "{\"name\": \"" + repository + "\"}");
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(201);
    }

    Api.Answer settings(String json) {
        return api.send(api.request("/v1/notification-settings")
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(json)));
    }

    /** Puts a text on the notifier's queue. */
    void event(String body) {
        message("events", body);
    }

    /** Puts a text on a queue. */
    void message(String queue, String body) {
        try (var sqs = Cloud.sqs()) {
            var url = sqs.getQueueUrl(get -> get.queueName(house.name + "-" + queue))
                    .queueUrl();
            sqs.sendMessage(send -> send.queueUrl(url).messageBody(body).messageGroupId(name));
        }
    }
}
