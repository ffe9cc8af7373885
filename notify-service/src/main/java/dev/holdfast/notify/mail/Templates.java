package dev.holdfast.notify.mail;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import java.util.List;

/** The templates below {@code templates/mail}: each with an HTML and a text file, checked against these types. */
@CheckedTemplate(basePath = "mail")
final class Templates {

    private Templates() {}

    static native TemplateInstance welcome(String username, String confirmUrl);

    static native TemplateInstance jobSucceeded(String type, String job, List<Detail> details);

    static native TemplateInstance jobFailed(
            String type, String job, String code, String message, int attempts, String advice);

    /** A line of what a job brought. */
    record Detail(String name, String value) {}
}
