package dev.holdfast.ingest.notifications;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.holdfast.job.JobPayload.Registration;
import dev.holdfast.job.JobState;
import dev.holdfast.job.Notify;
import dev.holdfast.mail.Brand;
import dev.holdfast.mail.MailSettings;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How a tenant wishes to be told, as it is asked for and as it is shown.
 *
 * @param language {@code en} or {@code zh-CN}; default {@code en}
 * @param subjects subjects of its own by the kinds of mails, such as {@code {"job-failed": "{brand}: {type} failed"}}
 * @param defaults who is told of jobs that name nobody
 * @param alerts who is told of missed schedules, failed checks and quotas when the job names nobody: at most 10
 *     addresses, or phone numbers in the form of E.164
 * @param digest the regular summary; none by default
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
record SettingsRequest(
        Optional<@Pattern(regexp = "^(en|zh-CN)$") String> language,
        @Valid Optional<Branding> brand,
        @Size(max = 20) Map<String, @NotNull @Size(min = 1, max = 150) String> subjects,
        @Valid Optional<Defaults> defaults,
        @Size(max = 10) List<@NotNull @Size(max = 254) @Pattern(regexp = RECIPIENT) String> alerts,
        @Valid Optional<Digest> digest) {

    static final String RECIPIENT = Registration.EMAIL + "|" + Notify.PHONE;

    SettingsRequest {
        subjects = subjects == null ? Map.of() : Map.copyOf(subjects);
        alerts = alerts == null ? List.of() : List.copyOf(alerts);
    }

    /**
     * How mails look.
     *
     * @param name who signs them
     * @param colour {@code #rrggbb}
     * @param logoUrl an image served by HTTPS; empty: the name is shown
     */
    record Branding(
            @NotNull @Size(min = 1, max = 64) String name,
            @NotNull @Pattern(regexp = Brand.COLOUR) String colour,
            Optional<@Pattern(regexp = Brand.LOGO_URL) String> logoUrl) {}

    /**
     * Whom to tell, and when: one address or number at least.
     *
     * @param email at most 10 addresses
     * @param sms at most 10 phone numbers in the form of E.164
     * @param on the ends to tell; default both
     */
    record Defaults(
            @Size(max = 10) List<@NotNull @Size(max = 254) @Pattern(regexp = Registration.EMAIL) String> email,

            @Size(max = 10) @JsonInclude(JsonInclude.Include.NON_EMPTY)
            List<@NotNull @Pattern(regexp = Notify.PHONE) String> sms,

            Set<End> on) {

        Defaults {
            email = email == null ? List.of() : List.copyOf(email);
            sms = sms == null ? List.of() : List.copyOf(sms);
            on = on == null || on.isEmpty() ? EnumSet.allOf(End.class) : on;
        }
    }

    /** How a job can end. */
    enum End {
        @JsonProperty("succeeded")
        SUCCEEDED,
        @JsonProperty("failed")
        FAILED
    }

    /**
     * A summary of the day or the week before.
     *
     * @param every {@code day}, or {@code week} (on Mondays)
     * @param timezone of IANA; default UTC
     * @param hour 0 to 23; default 7
     * @param email 1 to 10 addresses
     */
    record Digest(
            @NotNull Period every,
            Optional<String> timezone,
            Optional<@Min(0) @Max(23) Integer> hour,

            @NotEmpty @Size(max = 10)
            List<@NotNull @Size(max = 254) @Pattern(regexp = Registration.EMAIL) String> email) {}

    /** How much a digest covers. */
    enum Period {
        @JsonProperty("day")
        DAY,
        @JsonProperty("week")
        WEEK
    }

    static SettingsRequest of(MailSettings settings) {
        var subjects = new TreeMap<String, String>();
        settings.subjects().forEach((kind, subject) -> subjects.put(kind.wireName(), subject));
        var brand = settings.brand();
        return new SettingsRequest(
                Optional.of(settings.language().tag()),
                Optional.of(new Branding(
                        brand.name(),
                        brand.colour(),
                        Optional.of(brand.logoUrl()).filter(url -> !url.isEmpty()))),
                subjects,
                Optional.of(settings.defaults())
                        .filter(defaults -> !defaults.namesNobody())
                        .map(defaults -> new Defaults(
                                defaults.email(),
                                defaults.sms(),
                                defaults.on().stream()
                                        .map(state -> End.valueOf(state.name()))
                                        .collect(Collectors.toSet()))),
                settings.alerts(),
                settings.digest()
                        .map(digest -> new Digest(
                                Period.valueOf(digest.every().name()),
                                Optional.of(digest.timezone().getId()),
                                Optional.of(digest.hour()),
                                digest.email())));
    }

    Notify toNotify() {
        return defaults.map(some -> new Notify(
                        some.email(),
                        some.sms(),
                        some.on().stream()
                                .map(end -> JobState.valueOf(end.name()))
                                .collect(Collectors.toSet()),
                        Set.of()))
                .orElse(Notify.NOBODY);
    }

    /** Throws {@link IllegalArgumentException} when the colour, the name or the address is not as it must be. */
    Brand toBrand() {
        return brand.map(some ->
                        new Brand(some.name(), some.colour(), some.logoUrl().orElse("")))
                .orElse(Brand.DEFAULT);
    }

    /** Throws {@link java.time.DateTimeException} when there is no such time zone. */
    Optional<MailSettings.Digest> toDigest() {
        return digest.map(some -> new MailSettings.Digest(
                MailSettings.Period.valueOf(some.every().name()),
                ZoneId.of(some.timezone().orElse("UTC")),
                some.hour().orElse(7),
                some.email()));
    }
}
