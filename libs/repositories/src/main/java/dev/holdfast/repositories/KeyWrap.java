package dev.holdfast.repositories;

import dev.holdfast.restic.crypto.KeySet;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.DisabledException;
import software.amazon.awssdk.services.kms.model.InvalidCiphertextException;
import software.amazon.awssdk.services.kms.model.KmsInvalidStateException;
import software.amazon.awssdk.services.kms.model.NotFoundException;

/**
 * Wraps master keys: by KMS where there is one, else by a key from the configuration (AES-256-GCM). What is wrapped for
 * one repository opens for no other: tenant and name are bound to it. Thread-safe.
 */
public final class KeyWrap {

    private static final String KMS = "kms:";
    private static final String CONFIGURED = "key:";
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final Optional<String> kmsKey;
    private final Optional<SecretKeySpec> key;
    private final Supplier<KmsClient> kms;
    private final RandomGenerator random;

    /**
     * Uses one of the two, KMS first.
     *
     * @param key 32 bytes in Base64
     * @param kms asked for only when it is needed
     * @throws IllegalArgumentException naming the setting when the key is none
     */
    public KeyWrap(Optional<String> kmsKey, Optional<String> key, Supplier<KmsClient> kms, RandomGenerator random) {
        this.kmsKey = kmsKey;
        this.key = key.map(KeyWrap::parse);
        this.kms = kms;
        this.random = random;
    }

    private static SecretKeySpec parse(String base64) {
        try {
            var bytes = Base64.getDecoder().decode(base64.strip());
            if (bytes.length == 32) return new SecretKeySpec(bytes, "AES");
        } catch (IllegalArgumentException malformed) {
            // answered like one of the wrong length
        }
        throw new IllegalArgumentException("holdfast.repositories.key must be 32 bytes in Base64");
    }

    /** The wrapped key set, as text. */
    String wrap(KeySet keys, String tenant, String repository) {
        if (kmsKey.isPresent()) {
            var request = kms.get()
                    .encrypt(encrypt -> encrypt.keyId(kmsKey.get())
                            .plaintext(SdkBytes.fromByteArray(keys.toBytes()))
                            .encryptionContext(context(tenant, repository)));
            return KMS + base64(request.ciphertextBlob().asByteArray());
        }
        var nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            var sealed = cipher(Cipher.ENCRYPT_MODE, nonce, tenant, repository).doFinal(keys.toBytes());
            return CONFIGURED + base64(nonce) + ":" + base64(sealed);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java platform has AES-GCM", impossible);
        }
    }

    /**
     * The key set again.
     *
     * @throws KeyUnavailableException when what wrapped it is not there, or another one
     */
    KeySet unwrap(String wrapped, String tenant, String repository) {
        return KeySet.of(
                wrapped.startsWith(KMS)
                        ? byKms(wrapped.substring(KMS.length()), tenant, repository)
                        : byKey(wrapped.substring(CONFIGURED.length()), tenant, repository));
    }

    private byte[] byKms(String wrapped, String tenant, String repository) {
        try {
            return kms.get()
                    .decrypt(decrypt -> decrypt.ciphertextBlob(SdkBytes.fromByteArray(bytes(wrapped)))
                            .encryptionContext(context(tenant, repository)))
                    .plaintext()
                    .asByteArray();
        } catch (NotFoundException | DisabledException | KmsInvalidStateException | InvalidCiphertextException gone) {
            throw new KeyUnavailableException(
                    "KMS does not unwrap the key of repository " + repository + ": " + gone.getMessage(), gone);
        }
    }

    private byte[] byKey(String wrapped, String tenant, String repository) {
        var parts = wrapped.split(":", 2);
        try {
            return cipher(Cipher.DECRYPT_MODE, bytes(parts[0]), tenant, repository)
                    .doFinal(bytes(parts[1]));
        } catch (AEADBadTagException other) {
            throw new KeyUnavailableException(
                    "the key of repository " + repository + " was wrapped by another holdfast.repositories.key", other);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java platform has AES-GCM", impossible);
        }
    }

    private Cipher cipher(int mode, byte[] nonce, String tenant, String repository) throws GeneralSecurityException {
        var cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, configured(), new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD((tenant + "\n" + repository).getBytes(StandardCharsets.UTF_8));
        return cipher;
    }

    private SecretKeySpec configured() {
        return key.orElseThrow(
                () -> new KeyUnavailableException(
                        "no key wraps the keys of repositories: set holdfast.repositories.kms-key or holdfast.repositories.key"));
    }

    private static Map<String, String> context(String tenant, String repository) {
        return Map.of("tenant", tenant, "repository", repository);
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static byte[] bytes(String base64) {
        return Base64.getDecoder().decode(base64);
    }
}
