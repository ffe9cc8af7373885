package dev.holdfast.local.ses;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The account's suppression list: mails to these addresses are taken but not delivered. Safe for several threads. */
final class SuppressionList {
    /** One address with why and since when (seconds since 1970) it is listed. */
    record Entry(String address, String reason, double since) {}

    private static final List<String> REASONS = List.of("BOUNCE", "COMPLAINT");

    private final JsonMapper json;
    private final InstantSource clock;
    private final Optional<Path> file;
    private final Map<String, Entry> entries = new TreeMap<>();

    SuppressionList(JsonMapper json, InstantSource clock, Optional<Path> file) {
        this.json = json;
        this.clock = clock;
        this.file = file;
        file.filter(Files::exists)
                .ifPresent(path -> json.readValue(path, new TypeReference<List<Entry>>() {})
                        .forEach(entry -> entries.put(entry.address(), entry)));
    }

    synchronized void put(String address, String reason) {
        if (!REASONS.contains(reason)) {
            throw SesFailure.badRequest("Reason must be one of " + REASONS + ", was '" + reason + "'");
        }
        String key = Mail.address(address);
        entries.put(key, new Entry(key, reason, clock.millis() / 1000.0));
        store();
    }

    synchronized Entry get(String address) {
        Entry entry = entries.get(Mail.address(address));
        if (entry == null) {
            throw SesFailure.notFound("Email address " + address + " does not exist on your suppression list.");
        }
        return entry;
    }

    synchronized void remove(String address) {
        get(address);
        entries.remove(Mail.address(address));
        store();
    }

    synchronized boolean contains(String address) {
        return entries.containsKey(Mail.address(address));
    }

    synchronized List<Entry> all() {
        return List.copyOf(entries.values());
    }

    private void store() {
        file.ifPresent(path -> {
            try {
                Path half = path.resolveSibling("suppressed.tmp");
                Files.write(half, json.writeValueAsBytes(entries.values()));
                Files.move(half, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }
}
