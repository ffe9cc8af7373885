package dev.holdfast.mail;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.Optional;

/** The languages that mails are written in. */
public enum Language {
    ENGLISH("en"),
    CHINESE("zh-CN");

    private final String tag;

    Language(String tag) {
        this.tag = tag;
    }

    /** The tag of BCP 47. */
    @JsonValue
    public String tag() {
        return tag;
    }

    public Locale locale() {
        return Locale.forLanguageTag(tag);
    }

    @JsonCreator
    static Language of(String tag) {
        return closestTo(tag).orElseThrow(() -> new IllegalArgumentException("unknown language " + tag));
    }

    /** The language that a reader of this one can read; {@code zh}, {@code zh-Hans} and {@code en-GB} have one too. */
    public static Optional<Language> closestTo(String tag) {
        return switch (Locale.forLanguageTag(tag.replace('_', '-')).getLanguage()) {
            case "en" -> Optional.of(ENGLISH);
            case "zh" -> Optional.of(CHINESE);
            default -> Optional.empty();
        };
    }
}
