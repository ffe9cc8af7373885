package dev.holdfast.ingest.notifications;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.ingest.http.Problem.FieldError;
import dev.holdfast.ingest.http.ProblemException;
import dev.holdfast.ingest.schema.RecordSchema;
import dev.holdfast.job.Notify;
import dev.holdfast.mail.Brand;
import dev.holdfast.mail.Language;
import dev.holdfast.mail.MailKind;
import dev.holdfast.mail.MailSettings;
import dev.holdfast.mail.SmsRules;
import jakarta.inject.Singleton;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Turns the body of a request into a tenant's settings, or into a problem that names every fault. */
@Singleton
final class SettingsReader {

    private final RecordSchema<SettingsRequest> schema = new RecordSchema<>(SettingsRequest.class);
    private final SmsRules sms;

    SettingsReader(SmsRules sms) {
        this.sms = sms;
    }

    /** A problem 422 when it is not valid. */
    MailSettings read(JsonNode body) {
        var request = schema.read(body);
        var faults = new ArrayList<FieldError>();
        var subjects = subjects(request.subjects(), faults);
        var brand = brand(request, faults);
        var digest = digest(request, faults);
        request.defaults().ifPresent(some -> {
            if (some.email().isEmpty() && some.sms().isEmpty()) {
                faults.add(new FieldError("/defaults/email", "must name somebody, or /defaults/sms must"));
            }
            checkNumbers(some.sms(), "/defaults/sms/", faults);
        });
        checkNumbers(request.alerts(), "/alerts/", faults);
        if (!faults.isEmpty()) throw ProblemException.invalid(faults);
        return new MailSettings(
                request.language().flatMap(Language::closestTo).orElse(Language.ENGLISH),
                brand,
                subjects,
                request.toNotify(),
                request.alerts(),
                digest);
    }

    private void checkNumbers(List<String> recipients, String base, List<FieldError> faults) {
        for (var i = 0; i < recipients.size(); i++) {
            var field = base + i;
            if (!Notify.isPhone(recipients.get(i))) continue;
            sms.objection(recipients.get(i)).ifPresent(objection -> faults.add(new FieldError(field, objection)));
        }
    }

    private static Map<MailKind, String> subjects(Map<String, String> asked, List<FieldError> faults) {
        var subjects = new EnumMap<MailKind, String>(MailKind.class);
        asked.forEach((name, subject) -> {
            var kind = MailKind.named(name);
            if (kind.isEmpty()) {
                faults.add(new FieldError("/subjects/" + name, "there is no such mail"));
                return;
            }
            try {
                subjects.put(kind.get(), subject);
                of(Map.of(kind.get(), subject));
            } catch (IllegalArgumentException e) {
                faults.add(new FieldError("/subjects/" + name, String.valueOf(e.getMessage())));
            }
        });
        return subjects;
    }

    private static MailSettings of(Map<MailKind, String> subjects) {
        return new MailSettings(Language.ENGLISH, Brand.DEFAULT, subjects, Notify.NOBODY, List.of(), Optional.empty());
    }

    private static Brand brand(SettingsRequest request, List<FieldError> faults) {
        try {
            return request.toBrand();
        } catch (IllegalArgumentException e) {
            faults.add(new FieldError("/brand", String.valueOf(e.getMessage())));
            return Brand.DEFAULT;
        }
    }

    private static Optional<MailSettings.Digest> digest(SettingsRequest request, List<FieldError> faults) {
        try {
            return request.toDigest();
        } catch (DateTimeException noSuchZone) {
            faults.add(new FieldError("/digest/timezone", "must be a time zone of IANA, such as Europe/Berlin or UTC"));
            return Optional.empty();
        }
    }
}
