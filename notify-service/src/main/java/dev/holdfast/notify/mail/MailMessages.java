package dev.holdfast.notify.mail;

import io.quarkus.qute.i18n.Message;
import io.quarkus.qute.i18n.MessageBundle;

/** What mails say. The words are in {@code messages/mail_en.properties} and {@code mail_zh-CN.properties}. */
@MessageBundle("mail")
interface MailMessages {

    @Message
    String why_account();

    @Message
    String why_tenant(String tenant);

    @Message
    String unsubscribe_link();

    @Message
    String what_to_do();

    @Message
    String status_done();

    @Message
    String status_failed();

    @Message
    String status_attention();

    @Message
    String status_confirm();

    @Message
    String status_summary();

    @Message
    String type_registration();

    @Message
    String type_backup();

    @Message
    String type_restore();

    @Message
    String type_check();

    @Message
    String type_forget();

    @Message
    String type_prune();

    @Message
    String type_mirror();

    @Message
    String type_drill();

    @Message
    String label_job();

    @Message
    String label_log();

    @Message
    String label_schedule();

    @Message
    String label_user();

    @Message
    String label_code();

    @Message
    String label_attempts();

    @Message
    String label_snapshot();

    @Message
    String label_repository();

    @Message
    String label_files();

    @Message
    String label_read();

    @Message
    String label_added();

    @Message
    String label_stored();

    @Message
    String label_change();

    @Message
    String label_skipped();

    @Message
    String label_duration();

    @Message
    String label_size();

    @Message
    String label_freed();

    @Message
    String label_vouched();

    @Message
    String vouched_value(long packs, long all);

    @Message
    String label_download();

    @Message
    String label_tick();

    @Message
    String label_state();

    @Message
    String label_succeeded();

    @Message
    String label_failed();

    @Message
    String label_open();

    @Message
    String label_last();

    @Message
    String files_value(long fresh, long changed, long same);

    @Message
    String skipped_value(long count);

    @Message
    String seconds(String s);

    @Message
    String minutes(long m, long s);

    @Message
    String hours(long h, long m);

    @Message
    String button_confirm();

    @Message
    String button_download();

    @Message
    String welcome_subject(String username);

    @Message
    String welcome_title(String username);

    @Message
    String welcome_lead();

    @Message
    String welcome_expires(long days);

    @Message
    String welcome_fallback();

    @Message
    String welcome_ignore();

    @Message
    String succeeded_subject(String type, String job);

    @Message
    String succeeded_title(String type);

    @Message
    String succeeded_lead(String type);

    @Message
    String failed_subject(String type, String job, String code);

    @Message
    String failed_subject_again(long count, String schedule, String code);

    @Message
    String failed_title(String type);

    @Message
    String failed_lead(String type);

    @Message
    String failed_again(long count, String since);

    @Message
    String advice_email_taken();

    @Message
    String advice_username_taken();

    @Message
    String advice_names();

    @Message
    String advice_upload();

    @Message
    String advice_repository();

    @Message
    String advice_deadline(String lane);

    @Message
    String advice_quarantined();

    @Message
    String advice_retry();

    @Message
    String advice_correct();

    @Message
    String report_subject(String repository);

    @Message
    String report_title(String repository);

    @Message
    String report_lead();

    @Message
    String report_lead_skipped(long count);

    @Message
    String report_first();

    @Message
    String report_change(String files, String bytes);

    @Message
    String report_skipped_title();

    @Message
    String report_skipped_more(long count);

    @Message
    String report_restore_title();

    @Message
    String report_restore_http();

    @Message
    String report_restore_restic();

    @Message
    String missed_subject(String schedule);

    @Message
    String missed_title(String schedule);

    @Message
    String missed_lead(String tick, String by);

    @Message
    String missed_todo();

    @Message
    String late_subject(String schedule);

    @Message
    String late_title(String schedule);

    @Message
    String late_lead(String tick, String by);

    @Message
    String late_todo();

    @Message
    String recovered_subject(String schedule);

    @Message
    String recovered_title(String schedule);

    @Message
    String recovered_lead(String tick, String by);

    @Message
    String check_subject(String repository);

    @Message
    String check_title(String repository);

    @Message
    String check_lead();

    @Message
    String check_todo();

    @Message
    String digest_subject_day(String period);

    @Message
    String digest_subject_week(String period);

    @Message
    String digest_title(String period);

    @Message
    String digest_lead_good();

    @Message
    String digest_lead_bad(long count);

    @Message
    String digest_lead_none();

    @Message
    String digest_failures();

    @Message
    String many_subject(long count);

    @Message
    String many_title(long count);

    @Message
    String many_lead(String since, String until);

    @Message
    String quota_subject(long percent, String quota);

    @Message
    String quota_title(long percent, String quota);

    @Message
    String quota_lead(String used, String limit);

    @Message
    String quota_todo();
}
