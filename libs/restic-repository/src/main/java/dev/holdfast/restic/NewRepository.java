package dev.holdfast.restic;

import dev.holdfast.restic.chunk.Polynomial;
import dev.holdfast.restic.crypto.KeySet;
import dev.holdfast.restic.format.KeyFile;
import java.util.random.RandomGenerator;

/**
 * What a new repository is made of.
 *
 * @param password opens it without us, with restic; at least one character
 * @param polynomial that of another repository, if data will be copied between them and must deduplicate
 */
public record NewRepository(String password, KeySet masterKey, Polynomial polynomial, KeyFile.Cost cost) {
    public NewRepository {
        if (password.isEmpty()) throw new IllegalArgumentException("restic refuses an empty password");
    }

    /** Random keys and polynomial. {@code random} must be cryptographically strong. */
    public static NewRepository withPassword(String password, RandomGenerator random) {
        return new NewRepository(password, KeySet.random(random), Polynomial.random(random), KeyFile.Cost.DEFAULT);
    }
}
