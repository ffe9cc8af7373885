package dev.holdfast.local.ses;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A mail as it was sent. Its JSON form is what the mailbox shows and what is kept on disk.
 *
 * @param id the message id that SES would have given
 * @param at when it was sent, RFC 3339 in UTC
 * @param text the plain part; empty if there is none
 * @param html the HTML part; empty if there is none
 * @param headers as given by the sender, in order
 * @param tags the SES message tags
 * @param configurationSet empty if none was named
 */
record Mail(
        String id,
        String at,
        String from,
        List<String> to,
        List<String> cc,
        List<String> bcc,
        List<String> replyTo,
        String subject,
        String text,
        String html,
        List<Header> headers,
        Map<String, String> tags,
        String configurationSet) {

    /** One header line, decoded. */
    record Header(String name, String value) {}

    Mail {
        to = List.copyOf(to);
        cc = List.copyOf(cc);
        bcc = List.copyOf(bcc);
        replyTo = List.copyOf(replyTo);
        headers = List.copyOf(headers);
        tags = Map.copyOf(tags);
    }

    /** Everybody who gets it. */
    List<String> recipients() {
        return Stream.of(to, cc, bcc).flatMap(List::stream).toList();
    }

    /** The bare address in {@code "Name <address>"}, in lower case. */
    static String address(String mailbox) {
        int open = mailbox.lastIndexOf('<');
        int close = mailbox.lastIndexOf('>');
        String bare = open >= 0 && close > open ? mailbox.substring(open + 1, close) : mailbox;
        return bare.strip().toLowerCase(Locale.ROOT);
    }
}
