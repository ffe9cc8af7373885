package dev.holdfast.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;

/** The API key that the launcher makes for the tenant {@code local}: all scopes. */
public final class ApiKey {
    private static final String FORM = "hf_[a-z0-9]{8}_[A-Za-z0-9_-]{43}";
    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";

    private ApiKey() {}

    /** A new key: {@code hf_}, 8 characters that name it, {@code _}, and 32 random bytes in Base64url. */
    public static String create() {
        SecureRandom random = new SecureRandom();
        StringBuilder name = new StringBuilder(8);
        for (int i = 0; i < 8; i++) {
            name.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        byte[] secret = new byte[32];
        random.nextBytes(secret);
        return "hf_" + name + "_" + Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
    }

    /**
     * The key in the file; makes it, readable by its owner only, if there is none yet.
     *
     * @throws StartFailure if the file cannot be read or written, or holds something else
     */
    public static String in(Path file) {
        try {
            if (Files.exists(file)) {
                String key = Files.readString(file).strip();
                if (!key.matches(FORM)) {
                    throw new StartFailure(file + " holds no API key; delete it to get a new one");
                }
                return key;
            }
            String key = create();
            Path folder = Folders.createFor(file);
            Path half = Files.createTempFile(
                    folder,
                    "key",
                    ".tmp",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(half, key + "\n");
            Files.move(half, file, StandardCopyOption.ATOMIC_MOVE);
            return key;
        } catch (IOException e) {
            throw new StartFailure("cannot keep the API key in " + file + ": " + e);
        }
    }
}
