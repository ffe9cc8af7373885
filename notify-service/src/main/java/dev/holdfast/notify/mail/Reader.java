package dev.holdfast.notify.mail;

import dev.holdfast.mail.Language;
import dev.holdfast.mail.MailSettings;
import java.util.Optional;

/**
 * For whom a mail is written.
 *
 * @param settings of the tenant
 * @param unsubscribeUrl where one click spares the reader of such mails
 */
public record Reader(String tenant, MailSettings settings, Language language, Optional<String> unsubscribeUrl) {}
