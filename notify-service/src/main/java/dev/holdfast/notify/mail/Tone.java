package dev.holdfast.notify.mail;

/**
 * What a mail feels like at first sight. White reads well on each colour, and each stands out on white and on black.
 */
enum Tone {
    GOOD("#1a7f4b"),
    BAD("#c22f26"),
    WARNING("#96610a"),
    NEUTRAL("#4a6375");

    private final String colour;

    Tone(String colour) {
        this.colour = colour;
    }

    public String colour() {
        return colour;
    }
}
