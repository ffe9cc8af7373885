package dev.holdfast.notify.mail;

/**
 * A mail, ready to send.
 *
 * @param name which kind of mail it is, such as {@code welcome}
 */
public record Mail(String name, String subject, String html, String text) {}
