package dev.holdfast.notify.mail;

import jakarta.inject.Singleton;
import org.jboss.logging.Logger;
import software.amazon.awssdk.services.sesv2.SesV2Client;
import software.amazon.awssdk.services.sesv2.model.AlreadyExistsException;
import software.amazon.awssdk.services.sesv2.model.Content;
import software.amazon.awssdk.services.sesv2.model.MessageHeader;
import software.amazon.awssdk.services.sesv2.model.MessageTag;

/** Hands mails to SES. */
@Singleton
public final class Postman {

    private static final Logger LOG = Logger.getLogger(Postman.class);

    private final SesV2Client ses;
    private final MailConfig config;

    Postman(SesV2Client ses, MailConfig config) {
        this.ses = ses;
        this.config = config;
    }

    /** Makes the sender known to SES, which mails a link to it for confirmation (emulators need none). */
    public void introduceSender() {
        var address = config.from().replaceFirst("^.*<(.*)>$", "$1");
        try {
            ses.createEmailIdentity(create -> create.emailIdentity(address));
        } catch (AlreadyExistsException known) {
            LOG.debugf("SES knows the sender %s", address);
        }
    }

    /**
     * Sends one mail to one recipient; called twice, it is sent twice.
     *
     * @return the id that SES gave it
     * @throws software.amazon.awssdk.services.sesv2.model.SesV2Exception when SES did not take it
     */
    public String send(Mail mail, String recipient, String job) {
        return ses.sendEmail(send -> send.fromEmailAddress(config.from())
                        .destination(to -> to.toAddresses(recipient))
                        .emailTags(tag("job", job), tag("mail", mail.name()))
                        .content(content -> content.simple(simple -> simple.subject(utf8(mail.subject()))
                                .headers(MessageHeader.builder()
                                        .name("Auto-Submitted")
                                        .value("auto-generated")
                                        .build())
                                .body(body -> body.html(utf8(mail.html())).text(utf8(mail.text()))))))
                .messageId();
    }

    private static MessageTag tag(String name, String value) {
        return MessageTag.builder().name(name).value(value).build();
    }

    private static Content utf8(String text) {
        return Content.builder().charset("UTF-8").data(text).build();
    }
}
