package dev.holdfast.mail;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.List;
import java.util.Optional;

/** Text messages, which SNS sends. */
@ConfigMapping(prefix = "holdfast.sms")
public interface SmsConfig {

    /** Whether phone numbers may be told. Each message costs money. */
    @WithDefault("false")
    boolean enabled();

    /** How the numbers begin that may be told, such as {@code +44,+49}; none: all may. */
    Optional<List<String>> prefixes();

    /** Text messages a second, of all notifiers together. 0.1 to 1000. */
    @WithDefault("10")
    double perSecond();

    /** Text messages of one tenant within a day (UTC); those beyond are refused. 1 to 1000000. */
    @WithDefault("100")
    int perDay();

    /** Who they seem to come from, where a country allows it: 1 to 11 letters and digits, one letter at least. */
    Optional<String> senderId();

    /** The most that one may cost, in US dollars; SNS drops dearer ones. 0.001 to 10; none: no limit. */
    Optional<Double> maxPrice();
}
