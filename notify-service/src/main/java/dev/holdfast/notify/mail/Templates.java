package dev.holdfast.notify.mail;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import java.util.List;

/** The templates: for each mail a folder below {@code templates/mail} with an HTML and a text file. */
final class Templates {

    private Templates() {}

    @CheckedTemplate(basePath = "mail/welcome")
    static final class Welcome {
        private Welcome() {}

        static native TemplateInstance mail(Look look, String username, String url, long days, String button);
    }

    @CheckedTemplate(basePath = "mail/job-succeeded")
    static final class JobSucceeded {
        private JobSucceeded() {}

        static native TemplateInstance mail(
                Look look, String type, List<Row> rows, boolean hasUrl, String url, String button);
    }

    @CheckedTemplate(basePath = "mail/job-failed")
    static final class JobFailed {
        private JobFailed() {}

        static native TemplateInstance mail(
                Look look, String type, String message, String todo, List<Row> rows, long count, String since);
    }

    @CheckedTemplate(basePath = "mail/check-failed")
    static final class CheckFailed {
        private CheckFailed() {}

        static native TemplateInstance mail(Look look, String repository, String message, String todo, List<Row> rows);
    }

    @CheckedTemplate(basePath = "mail/backup-report")
    static final class BackupReport {
        private BackupReport() {}

        static native TemplateInstance mail(
                Look look,
                String repository,
                String lead,
                List<Row> rows,
                List<Row> skipped,
                long more,
                String request,
                String restic);
    }

    @CheckedTemplate(basePath = "mail/schedule-missed")
    static final class Missed {
        private Missed() {}

        static native TemplateInstance mail(
                Look look, String schedule, String tick, String by, String todo, List<Row> rows);
    }

    @CheckedTemplate(basePath = "mail/schedule-late")
    static final class Late {
        private Late() {}

        static native TemplateInstance mail(
                Look look, String schedule, String tick, String by, String todo, List<Row> rows);
    }

    @CheckedTemplate(basePath = "mail/schedule-recovered")
    static final class Recovered {
        private Recovered() {}

        static native TemplateInstance mail(Look look, String schedule, String tick, String by, List<Row> rows);
    }

    @CheckedTemplate(basePath = "mail/digest")
    static final class Digest {
        private Digest() {}

        static native TemplateInstance mail(
                Look look, String period, String lead, List<Row> totals, List<Row> failures);
    }

    @CheckedTemplate(basePath = "mail/many")
    static final class Many {
        private Many() {}

        static native TemplateInstance mail(Look look, long count, String since, String until, List<Row> totals);
    }

    @CheckedTemplate(basePath = "mail/quota-warning")
    static final class QuotaWarning {
        private QuotaWarning() {}

        static native TemplateInstance mail(
                Look look, String quota, long percent, String used, String limit, String todo);
    }
}
