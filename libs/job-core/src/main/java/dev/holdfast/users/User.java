package dev.holdfast.users;

import dev.holdfast.job.JobId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/**
 * A registered user.
 *
 * @param userId derived from the registration's job, so that a repeated run means the same user
 * @param confirmationSecret opens the confirmation link; told to the user's mailbox alone
 * @param version counts the changes of the record, from 1
 */
public record User(
        String userId,
        String tenant,
        String username,
        String email,
        Map<String, String> attributes,
        Instant createdAt,
        long version,
        Status status,
        String confirmationSecret) {

    /** Whether the user has shown that the address is theirs. */
    public enum Status {
        UNCONFIRMED,
        CONFIRMED
    }

    /** What the confirmation link carries. */
    public ConfirmationToken confirmationToken() {
        return new ConfirmationToken(userId, confirmationSecret);
    }

    /** The id of the user whom this registration makes. */
    public static String idFor(JobId registration) {
        return UUID.nameUUIDFromBytes(("user " + registration).getBytes(StandardCharsets.UTF_8))
                .toString();
    }
}
