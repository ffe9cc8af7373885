package dev.holdfast.notify.mail;

import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jboss.logging.Logger;
import software.amazon.awssdk.services.sesv2.SesV2Client;
import software.amazon.awssdk.services.sesv2.model.AlreadyExistsException;
import software.amazon.awssdk.services.sesv2.model.Content;
import software.amazon.awssdk.services.sesv2.model.MessageHeader;
import software.amazon.awssdk.services.sesv2.model.MessageTag;

/** Hands mails to SES. */
@Singleton
public final class Postman {

    /** The tag that says which notification a mail is; events of SES bring it back. */
    public static final String NOTIFICATION = "notification";

    private static final Logger LOG = Logger.getLogger(Postman.class);

    private final SesV2Client ses;
    private final MailConfig config;

    Postman(SesV2Client ses, MailConfig config) {
        this.ses = ses;
        this.config = config;
    }

    /** Makes the sender known to SES, which mails a link to it for confirmation (emulators need none). */
    public void introduceSender() {
        try {
            ses.createEmailIdentity(create -> create.emailIdentity(sender()));
        } catch (AlreadyExistsException known) {
            LOG.debugf("SES knows the sender %s", sender());
        }
    }

    private String sender() {
        return config.from().replaceFirst("^.*<(.*)>$", "$1");
    }

    /**
     * Sends one mail to one recipient; called twice, it is sent twice.
     *
     * @param notification its id, letters and digits
     * @param job what it is about; empty: no job
     * @return the id that SES gave it
     * @throws software.amazon.awssdk.services.sesv2.model.SesV2Exception when SES did not take it
     */
    public String send(Mail mail, String recipient, String notification, String tenant, String job) {
        var tags = new ArrayList<MessageTag>();
        tags.add(tag(NOTIFICATION, notification));
        tags.add(tag("mail", mail.kind().wireName()));
        tags.add(tag("tenant", tenant));
        if (!job.isEmpty()) tags.add(tag("job", job));
        return ses.sendEmail(send -> {
                    send.fromEmailAddress(config.from())
                            .destination(to -> to.toAddresses(recipient))
                            .emailTags(tags)
                            .content(content -> content.simple(simple -> simple.subject(utf8(mail.subject()))
                                    .headers(headers(mail))
                                    .body(body -> body.html(utf8(mail.html())).text(utf8(mail.text())))));
                    config.configurationSet().ifPresent(send::configurationSetName);
                })
                .messageId();
    }

    /**
     * SES gives every mail a Message-ID of its own, whatever is asked for: so a thread hangs on one that no mail has,
     * which every mail of it names.
     */
    private List<MessageHeader> headers(Mail mail) {
        var headers = new ArrayList<MessageHeader>();
        headers.add(header("Auto-Submitted", "auto-generated"));
        headers.add(header("X-Auto-Response-Suppress", "All"));
        mail.thread().ifPresent(thread -> {
            var domain = sender().replaceFirst(".*@", "");
            var id = UUID.nameUUIDFromBytes(thread.getBytes(StandardCharsets.UTF_8));
            headers.add(header("In-Reply-To", "<thread-%s@%s>".formatted(id, domain)));
            headers.add(header("References", "<thread-%s@%s>".formatted(id, domain)));
        });
        mail.unsubscribeUrl().ifPresent(url -> {
            headers.add(header("List-Unsubscribe", "<" + url + ">"));
            headers.add(header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"));
        });
        return headers;
    }

    private static MessageHeader header(String name, String value) {
        return MessageHeader.builder().name(name).value(value).build();
    }

    /** Tags may only hold letters, digits, dashes, underscores, dots and at signs. */
    private static MessageTag tag(String name, String value) {
        var allowed = value.replaceAll("[^A-Za-z0-9_.@-]", "_");
        return MessageTag.builder().name(name).value(allowed).build();
    }

    private static Content utf8(String text) {
        return Content.builder().charset("UTF-8").data(text).build();
    }
}
