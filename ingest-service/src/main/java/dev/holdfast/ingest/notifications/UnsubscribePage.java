package dev.holdfast.ingest.notifications;

import dev.holdfast.mail.Links.Unsubscription;

/** The pages of the unsubscribe link, in English and Chinese: whoever opens it is known by an address alone. */
final class UnsubscribePage {

    private UnsubscribePage() {}

    static String question(Unsubscription asked) {
        return page("""
                <p>Stop mails about %1$s to <b>%2$s</b>?</p>
                <p lang="zh-CN">停止向 <b>%2$s</b> 发送此类邮件（%1$s）？</p>
                <form method="post"><button>Stop these mails · 停止</button></form>""".formatted(asked.topic().wireName(), escaped(asked.address())));
    }

    static String done(Unsubscription asked) {
        return page("""
                <p><b>%2$s</b> gets no more mails about %1$s.</p>
                <p lang="zh-CN"><b>%2$s</b> 将不再收到此类邮件（%1$s）。</p>""".formatted(asked.topic().wireName(), escaped(asked.address())));
    }

    private static String page(String content) {
        return """
                <!DOCTYPE html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <meta name="robots" content="noindex">
                <title>Mails</title>
                <style>
                :root { color-scheme: light dark }
                body { font: 16px/1.5 system-ui, sans-serif; max-width: 32rem; margin: 15vh auto; padding: 0 1rem }
                button { font: inherit; padding: .6rem 1.2rem }
                </style>
                </head>
                <body>
                %s
                </body>
                </html>
                """.formatted(content);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
