package dev.holdfast.restic;

import java.util.List;

/**
 * What a check found.
 *
 * @param errors what makes data unreadable or will, at most 1 000
 * @param hints what is harmless: packs that nothing refers to, and the like, at most 1 000
 * @param errorCount how many errors there were
 * @param blobs how many pieces of data and directories the index has
 * @param packsRead whose every byte was verified
 * @param packsVouchedFor whose size and SHA-256 the store has stated to be those of index and name
 * @param packsWithoutChecksum of which the store was asked that, and keeps no SHA-256; their size is right
 */
public record CheckReport(
        List<String> errors,
        List<String> hints,
        long errorCount,
        long snapshots,
        long packs,
        long blobs,
        long packsRead,
        long packsVouchedFor,
        long packsWithoutChecksum) {
    public CheckReport {
        errors = List.copyOf(errors);
        hints = List.copyOf(hints);
    }

    public boolean clean() {
        return errorCount == 0;
    }
}
