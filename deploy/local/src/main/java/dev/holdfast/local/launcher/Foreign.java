package dev.holdfast.local.launcher;

import dev.holdfast.local.AwsEndpoints;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.Map;

/** An AWS endpoint that this launcher did not start. */
final class Foreign {
    private Foreign() {}

    /** One endpoint for all services; with a mailbox if it is a stand-in of ours. */
    static AwsEndpoints endpoints(URI url, Map<String, String> env) {
        AwsEndpoints endpoints = AwsEndpoints.at(url, env);
        return hasMailbox(url) ? endpoints.withMailbox(url.resolve("/mailbox")) : endpoints;
    }

    /** The token that belongs to temporary credentials. */
    static Map<String, String> sessionToken(Map<String, String> env) {
        String token = env.getOrDefault("AWS_SESSION_TOKEN", "");
        return token.isEmpty() ? Map.of() : Map.of("AWS_SESSION_TOKEN", token);
    }

    private static boolean hasMailbox(URI url) {
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) url.resolve("/mailbox/health").toURL().openConnection();
            connection.setConnectTimeout(2_000);
            connection.setReadTimeout(2_000);
            return connection.getResponseCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }
}
