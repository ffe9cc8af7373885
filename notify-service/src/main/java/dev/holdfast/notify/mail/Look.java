package dev.holdfast.notify.mail;

/**
 * What the frame of a mail shows.
 *
 * @param why why the reader gets it
 * @param logoUrl empty: none
 * @param unsubscribeUrl empty: none
 */
record Look(
        String language,
        String subject,
        String brand,
        String colour,
        String inkOnColour,
        String logoUrl,
        Tone tone,
        String status,
        String why,
        String unsubscribeUrl) {

    public boolean hasLogo() {
        return !logoUrl.isEmpty();
    }

    public boolean hasUnsubscribe() {
        return !unsubscribeUrl.isEmpty();
    }
}
