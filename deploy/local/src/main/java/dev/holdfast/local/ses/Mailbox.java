package dev.holdfast.local.ses;

import dev.holdfast.local.Folders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/** All mails that were sent, newest first; each is a JSON file too if there is a folder. Safe for several threads. */
final class Mailbox {
    /** Beyond that the oldest mail is forgotten, so that a load test does not fill memory and disk. */
    static final int CAPACITY = 10_000;

    private final JsonMapper json;
    private final Optional<Path> folder;
    private final Deque<Mail> mails = new ArrayDeque<>();
    private final Map<String, Integer> sent = new TreeMap<>();

    Mailbox(JsonMapper json, Optional<Path> folder) {
        this.json = json;
        this.folder = folder.map(Folders::create);
        this.folder.ifPresent(this::load);
    }

    private void load(Path from) {
        for (Path file : files(from)) {
            keep(json.readValue(file, Mail.class));
        }
    }

    private void keep(Mail mail) {
        mails.addFirst(mail);
        for (String to : mail.recipients()) sent.merge(Mail.address(to), 1, Integer::sum);
    }

    synchronized void add(Mail mail) {
        folder.ifPresent(path -> store(mail, path));
        keep(mail);
        if (mails.size() > CAPACITY) {
            Mail oldest = mails.removeLast();
            folder.ifPresent(path -> delete(file(oldest, path)));
        }
    }

    /** The mails to an address (any kind of recipient), or all for an empty address. */
    synchronized List<Mail> to(String address) {
        if (address.isEmpty()) {
            return new ArrayList<>(mails);
        }
        String wanted = Mail.address(address);
        return mails.stream()
                .filter(mail -> mail.recipients().stream()
                        .anyMatch(to -> Mail.address(to).equals(wanted)))
                .toList();
    }

    /** The mail of that id, if it is still there. */
    synchronized Optional<Mail> find(String id) {
        return mails.stream().filter(mail -> mail.id().equals(id)).findFirst();
    }

    /** How many mails each address got, those that are forgotten by now included. */
    synchronized Map<String, Integer> recipients() {
        return new TreeMap<>(sent);
    }

    synchronized int size() {
        return mails.size();
    }

    synchronized void clear() {
        folder.ifPresent(path -> mails.forEach(mail -> delete(file(mail, path))));
        mails.clear();
        sent.clear();
    }

    private void store(Mail mail, Path into) {
        try {
            Path half = Files.createTempFile(into, "half", ".tmp");
            Files.write(half, json.writeValueAsBytes(mail));
            Files.move(half, file(mail, into), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sorts by name as by time. */
    private static Path file(Mail mail, Path folder) {
        return folder.resolve(mail.id() + ".json");
    }

    private static List<Path> files(Path folder) {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
