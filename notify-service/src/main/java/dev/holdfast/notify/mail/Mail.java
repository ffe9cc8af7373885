package dev.holdfast.notify.mail;

import dev.holdfast.mail.MailKind;
import java.util.Optional;

/**
 * A mail, ready to send.
 *
 * @param brief what a text message says in its place
 * @param thread what other mails of the same name belong to one conversation with, such as a schedule's id
 * @param unsubscribeUrl where one click spares the reader of such mails; empty: nothing does
 */
public record Mail(
        MailKind kind,
        String subject,
        String html,
        String text,
        String brief,
        Optional<String> thread,
        Optional<String> unsubscribeUrl) {}
