package dev.holdfast.restic.format;

import dev.holdfast.restic.crypto.KeySet;
import dev.holdfast.restic.crypto.Scrypt;
import dev.holdfast.restic.crypto.Sealer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.random.RandomGenerator;
import javax.crypto.AEADBadTagException;

/**
 * A key object: the master key set, sealed with a password (section 4). Not encrypted as a whole.
 *
 * @param cost the scrypt parameters, as stored
 * @param salt 64 bytes
 */
public record KeyFile(Instant created, String username, String hostname, Cost cost, ByteString salt, ByteString data) {
    private static final int SALT_BYTES = 64;

    /** scrypt parameters; memory is 128·n·r bytes. */
    public record Cost(int n, int r, int p) {
        /** restic's own: 32 MiB, about 100 ms. */
        public static final Cost DEFAULT = new Cost(32768, 8, 1);
    }

    /** Seals {@code master} with a password; {@code random} must be cryptographically strong. */
    public static KeyFile seal(
            KeySet master,
            String password,
            Cost cost,
            Instant created,
            String username,
            String hostname,
            RandomGenerator random) {
        var salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        var user = userKeys(password, salt, cost);
        var json = new CanonicalJson(200).open('{').name("mac").open('{');
        json.base64("k", master.macK()).base64("r", master.macR()).close('}');
        json.base64("encrypt", master.encrypt()).close('}');
        var data = new Sealer(user, random).seal(json.toByteArray());
        return new KeyFile(created, username, hostname, cost, ByteString.of(salt), ByteString.of(data));
    }

    /**
     * The master key set, or empty if the password is not the one of this key.
     *
     * @throws ResticException.Damaged if the scrypt parameters are out of range, or the sealed text is no key set
     */
    public Optional<KeySet> open(String password, RandomGenerator random) {
        if (salt.length() != SALT_BYTES) throw new ResticException.Damaged("key with a salt of " + salt.length());
        try {
            var sealer = new Sealer(userKeys(password, salt.toByteArray(), cost), random);
            return Optional.of(decodeMaster(sealer.open(data.toByteArray())));
        } catch (AEADBadTagException e) {
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            throw new ResticException.Damaged("key: " + e.getMessage(), e);
        }
    }

    private static KeySet userKeys(String password, byte[] salt, Cost cost) {
        var utf8 = password.getBytes(StandardCharsets.UTF_8);
        return KeySet.of(Scrypt.derive(utf8, salt, cost.n, cost.r, cost.p, KeySet.BYTES));
    }

    private static KeySet decodeMaster(byte[] json) {
        var encrypt = new byte[1][0];
        var k = new byte[1][0];
        var r = new byte[1][0];
        JsonIn.read("master key", json, (name, in) -> {
            switch (name) {
                case "encrypt" -> encrypt[0] = in.base64();
                case "mac" ->
                    in.object((field, value) -> {
                        switch (field) {
                            case "k" -> k[0] = value.base64();
                            case "r" -> r[0] = value.base64();
                            default -> value.skip();
                        }
                    });
                default -> in.skip();
            }
        });
        if (encrypt[0].length != 32 || k[0].length != 16 || r[0].length != 16) {
            throw new ResticException.Damaged("a master key of the wrong length");
        }
        var all = Arrays.copyOf(encrypt[0], KeySet.BYTES);
        System.arraycopy(k[0], 0, all, 32, 16);
        System.arraycopy(r[0], 0, all, 48, 16);
        return KeySet.of(all);
    }

    public byte[] encode() {
        var json = new CanonicalJson(512).open('{').field("created", created);
        json.field("username", username).field("hostname", hostname).field("kdf", "scrypt");
        json.field("N", cost.n).field("r", cost.r).field("p", cost.p);
        json.base64("salt", salt.toByteArray()).base64("data", data.toByteArray());
        return json.close('}').toByteArray();
    }

    public static KeyFile decode(byte[] json) {
        var fields = new Object() {
            Instant created = Instant.EPOCH;
            String username = "";
            String hostname = "";
            String kdf = "";
            int n;
            int r;
            int p;
            byte[] salt = {};
            byte[] data = {};
        };
        JsonIn.read("key", json, (name, in) -> {
            switch (name) {
                case "created" -> fields.created = Times.parse(in.string()).toInstant();
                case "username" -> fields.username = in.string();
                case "hostname" -> fields.hostname = in.string();
                case "kdf" -> fields.kdf = in.string();
                case "N" -> fields.n = in.number(Integer.MAX_VALUE);
                case "r" -> fields.r = in.number(Integer.MAX_VALUE);
                case "p" -> fields.p = in.number(Integer.MAX_VALUE);
                case "salt" -> fields.salt = in.base64();
                case "data" -> fields.data = in.base64();
                default -> in.skip();
            }
        });
        if (!fields.kdf.equals("scrypt")) throw new ResticException.Damaged("key with kdf " + Text.excerpt(fields.kdf));
        return new KeyFile(
                fields.created,
                fields.username,
                fields.hostname,
                new Cost(fields.n, fields.r, fields.p),
                ByteString.of(fields.salt),
                ByteString.of(fields.data));
    }
}
