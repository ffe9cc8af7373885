package dev.holdfast.notify.mail;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.Optional;

/** How mails leave. */
@ConfigMapping(prefix = "holdfast.mail")
public interface MailConfig {

    /** The sender, an address or {@code Name <address>}; SES must have verified it or its domain. */
    @WithDefault("Holdfast <no-reply@holdfast.example>")
    String from();

    /** The SES configuration set, which decides what is told of a mail's fate; none: nothing is. Must exist on AWS. */
    Optional<String> configurationSet();
}
