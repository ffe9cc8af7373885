package dev.holdfast.restic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.restic.chunk.Polynomial;
import dev.holdfast.restic.crypto.KeySet;
import dev.holdfast.restic.format.KeyFile;
import dev.holdfast.restic.format.ResticException;
import dev.holdfast.restic.storage.Content;
import dev.holdfast.restic.storage.MemoryStorage;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RepositoryTest {
    private final MemoryStorage storage = new MemoryStorage();
    private final Environment environment = Environment.ofThisProcess();

    private Repository init() {
        return TestRepository.init(storage, environment);
    }

    @Test
    void opensByPasswordAndByMasterKey() {
        var made = init();
        assertThat(Repository.open(storage, TestRepository.PASSWORD).config()).isEqualTo(made.config());
        assertThat(Repository.open(storage, made.masterKey(), environment).config())
                .isEqualTo(made.config());
    }

    @Test
    void everyOneOfSeveralPasswordsOpensUntilItsKeyIsRemoved() {
        var repository = init();
        var second = repository.addKey("zwei", new KeyFile.Cost(16, 8, 1));
        assertThat(Repository.open(storage, "zwei").masterKey()).isEqualTo(repository.masterKey());
        repository.removeKey(second);
        assertThatThrownBy(() -> Repository.open(storage, "zwei")).isInstanceOf(ResticException.WrongPassword.class);
    }

    @Test
    void theLastKeyStays() {
        var repository = init();
        var only = repository.keys().keySet().iterator().next();
        assertThatThrownBy(() -> repository.removeKey(only)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aWrongMasterKeyIsDamage() {
        init();
        var other = KeySet.random(new Random(1));
        assertThatThrownBy(() -> Repository.open(storage, other, environment))
                .isInstanceOf(ResticException.Damaged.class);
    }

    @Test
    void nothingIsNoRepository() {
        assertThatThrownBy(() -> Repository.open(storage, "x")).isInstanceOf(ResticException.NotARepository.class);
    }

    @Test
    void aSecondInitFails() {
        init();
        assertThatThrownBy(this::init).isInstanceOf(ResticException.AlreadyExists.class);
    }

    @Test
    void ofTwoRacingInitsOneFailsAndLeavesNoKeyBehind() {
        // given: the other one has written its config after we looked
        var racing = new TestRepository.Forwarding(storage) {
            @Override
            public long size(String key) {
                return -1;
            }
        };
        new ObjectStore(storage).put("config", Content.of("theirs".getBytes(StandardCharsets.US_ASCII)));
        // then
        assertThatThrownBy(() -> TestRepository.init(racing, environment))
                .isInstanceOf(ResticException.AlreadyExists.class);
        storage.list("keys", key -> assertThat(key).isNull());
    }

    @Test
    void aKeyThatAsksForAllMemoryIsDamage() {
        init();
        var json = "{\"kdf\":\"scrypt\",\"N\":1073741824,\"r\":8,\"p\":1,\"salt\":\"" + "A".repeat(86)
                + "==\",\"data\":\"\"}";
        assertThatThrownBy(() ->
                        KeyFile.decode(json.getBytes(StandardCharsets.US_ASCII)).open("x", new Random()))
                .isInstanceOf(ResticException.Damaged.class);
    }

    @Test
    void storingASealedSnapshotTwiceMakesOne() {
        var repository = init();
        var snapshot = MemorySource.backup(repository, MemorySource.file("a", new byte[1]))
                .snapshot()
                .snapshot();
        var sealed = repository.seal(snapshot);
        repository.store(sealed);
        repository.store(sealed);
        assertThat(repository.snapshots()).hasSize(2);
    }

    @Test
    void theChunkerPolynomialOfAnotherRepositoryCanBeTakenOver() {
        var polynomial = Polynomial.parse("3da3358b4dc173");
        var wanted = new NewRepository("x", KeySet.random(new Random(2)), polynomial, new KeyFile.Cost(16, 8, 1));
        assertThat(Repository.init(storage, wanted, environment).config().chunkerPolynomial())
                .isEqualTo(polynomial);
    }
}
