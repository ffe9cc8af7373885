package dev.holdfast.notify;

import dev.holdfast.mail.Links;
import dev.holdfast.mail.Links.Unsubscription;
import dev.holdfast.mail.MailKind;
import dev.holdfast.mail.MailSettings;
import dev.holdfast.mail.Readers.Wishes;
import dev.holdfast.mail.Topic;
import dev.holdfast.notify.mail.PublicConfig;
import dev.holdfast.notify.mail.Reader;
import jakarta.inject.Singleton;
import java.util.Optional;

/** Says for whom a mail is written: in which language, in whose name, and by which link the reader can be spared. */
@Singleton
final class Letters {

    private final Links links;
    private final PublicConfig config;

    Letters(Links links, PublicConfig config) {
        this.links = links;
        this.config = config;
    }

    Reader reader(String tenant, MailSettings settings, Wishes wishes, MailKind kind, String recipient) {
        var language = wishes.language().orElse(settings.language());
        return new Reader(tenant, settings, language, unsubscribeUrl(tenant, kind.topic(), recipient));
    }

    private Optional<String> unsubscribeUrl(String tenant, Topic topic, String recipient) {
        return topic == Topic.ACCOUNT
                ? Optional.empty()
                : Optional.of(config.url() + "/v1/unsubscribe?reader="
                        + links.token(new Unsubscription(tenant, recipient, topic)));
    }
}
