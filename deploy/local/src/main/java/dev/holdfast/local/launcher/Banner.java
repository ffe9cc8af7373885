package dev.holdfast.local.launcher;

import dev.holdfast.local.Stack;
import dev.holdfast.local.StackOptions;

/** What {@code up} prints when all is ready. */
final class Banner {
    private Banner() {}

    static void print(Command.Up command, Stack stack, DataFolder folder, double seconds) {
        var aws = stack.aws();
        System.out.printf("%nHoldfast is up (%.1f s).%n%n", seconds);
        line("API", stack.url() + "/v1" + (command.without().contains("ingest") ? "   (start ingest yourself)" : ""));
        line("API key", stack.apiKey());
        line("Mailbox", aws.mailbox().map(Object::toString).orElse("none: mails go to " + aws.sesv2()));
        line("Bucket", StackOptions.BUCKET);
        line("SQS", aws.sqs());
        line("DynamoDB", aws.dynamodb());
        line("S3", aws.s3());
        line("SES", aws.sesv2());
        stack.services().forEach(service -> line(service.name(), service.url() + "   pid " + service.pid()));
        line("Variables", ". " + folder.envFile());
        line("Logs", folder.logs());
        System.out.printf("""

                Try it:
                  . %s
                  curl -s "$HOLDFAST_URL/v1/jobs" -H "Authorization: Bearer $HOLDFAST_API_KEY" -H 'Content-Type: application/json' \\
                    -d '{"type":"registration","payload":{"username":"ada","email":"ada@example.org"}}'

                Ctrl-C stops everything.
                """, folder.envFile());
        System.out.flush();
    }

    private static void line(String name, Object value) {
        System.out.printf("  %-10s %s%n", name, value);
    }
}
