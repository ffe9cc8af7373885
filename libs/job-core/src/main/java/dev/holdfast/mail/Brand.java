package dev.holdfast.mail;

import java.util.regex.Pattern;

/**
 * How a tenant's mails look.
 *
 * @param name who signs them, 1 to 64 characters
 * @param colour of buttons and the line at the top, {@code #rrggbb}
 * @param logoUrl an image served by HTTPS, shown 32 pixels high; empty: the name is shown
 */
public record Brand(String name, String colour, String logoUrl) {

    private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}\\p{Cf}]");

    public static final String COLOUR = "^#[0-9a-fA-F]{6}$";
    public static final String LOGO_URL = "^$|^https://[^\\s\"'<>\\\\{}]{1,500}$";

    /** What mails look like of whose tenant has said nothing. */
    public static final Brand DEFAULT = new Brand("Holdfast", "#14532d", "");

    public Brand {
        if (name.isBlank() || name.length() > 64 || CONTROL.matcher(name).find()) {
            throw new IllegalArgumentException("name must be 1 to 64 characters without control characters");
        }
        if (!colour.matches(COLOUR)) throw new IllegalArgumentException("colour must be #rrggbb, was " + colour);
        if (!logoUrl.matches(LOGO_URL)) throw new IllegalArgumentException("logoUrl must begin with https://");
    }

    /** White or black: whichever reads better on the colour, by WCAG's contrast; it is at least 4.5 for any colour. */
    public String inkOnColour() {
        var luminance = luminance();
        return 1.05 / (luminance + 0.05) >= (luminance + 0.05) / 0.05 ? "#ffffff" : "#000000";
    }

    private double luminance() {
        var rgb = Integer.parseInt(colour.substring(1), 16);
        return 0.2126 * linear(rgb >> 16) + 0.7152 * linear(rgb >> 8 & 0xff) + 0.0722 * linear(rgb & 0xff);
    }

    private static double linear(int channel) {
        var share = channel / 255.0;
        return share <= 0.04045 ? share / 12.92 : Math.pow((share + 0.055) / 1.055, 2.4);
    }
}
