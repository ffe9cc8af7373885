package dev.holdfast.notify.mail;

import dev.holdfast.mail.MailKind;
import io.quarkus.qute.TemplateInstance;
import io.quarkus.qute.Variant;
import java.util.Map;
import java.util.Optional;

/**
 * A mail in the making: one kind, for one reader, under one subject.
 *
 * @param subject ours, unless the tenant has one of its own
 * @param values what the tenant's own subject may name
 */
record Page(
        MailKind kind,
        Reader reader,
        Words words,
        Tone tone,
        String subject,
        Map<String, String> values,
        Optional<String> thread) {

    Look look() {
        var brand = reader.settings().brand();
        return new Look(
                reader.language().tag(),
                subjectLine(),
                brand.name(),
                brand.colour(),
                brand.inkOnColour(),
                brand.logoUrl(),
                tone,
                status(),
                kind == MailKind.WELCOME
                        ? words.messages().why_account()
                        : words.messages().why_tenant(reader.tenant()),
                reader.unsubscribeUrl().orElse(""));
    }

    private String status() {
        var messages = words.messages();
        return switch (tone) {
            case GOOD -> messages.status_done();
            case BAD -> messages.status_failed();
            case WARNING -> messages.status_attention();
            case NEUTRAL -> kind == MailKind.WELCOME ? messages.status_confirm() : messages.status_summary();
        };
    }

    private String subjectLine() {
        return reader.settings().subject(kind, values).orElse(subject).replaceAll("\\p{Cntrl}+", " ");
    }

    /** Renders both parts. */
    Mail write(TemplateInstance template) {
        template.setLocale(reader.language().tag());
        return new Mail(
                kind,
                subjectLine(),
                render(template, Variant.TEXT_HTML).strip() + "\n",
                render(template, Variant.TEXT_PLAIN).strip().replaceAll("\n{3,}", "\n\n") + "\n",
                brief(),
                thread,
                reader.unsubscribeUrl());
    }

    /** Who it is from and what it is about: a message of 160 characters, unless a name is very long. */
    private String brief() {
        var brand = reader.settings().brand().name();
        return subjectLine().contains(brand) ? subjectLine() : brand + ": " + subjectLine();
    }

    private static String render(TemplateInstance template, String contentType) {
        return template.setAttribute(TemplateInstance.SELECTED_VARIANT, Variant.forContentType(contentType))
                .render();
    }
}
