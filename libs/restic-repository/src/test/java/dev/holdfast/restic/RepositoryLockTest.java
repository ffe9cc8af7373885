package dev.holdfast.restic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.restic.RepositoryLock.Kind;
import dev.holdfast.restic.format.ResticException;
import dev.holdfast.restic.storage.Content;
import dev.holdfast.restic.storage.MemoryStorage;
import dev.holdfast.restic.storage.Storage;
import dev.holdfast.restic.storage.StoredObject;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class RepositoryLockTest {
    private final TestRepository.Clock clock = new TestRepository.Clock();
    private final AtomicBoolean broken = new AtomicBoolean();
    private final Repository repository = TestRepository.init(
            new TestRepository.Forwarding(new MemoryStorage()) {
                @Override
                public boolean putIfAbsent(String key, Content content) throws IOException {
                    if (broken.get()) throw new IOException("no network");
                    return super.putIfAbsent(key, content);
                }
            },
            clock.environment());

    @Test
    void sharedOnesGoTogetherAndAnExclusiveOneWithNoOther() {
        try (var _ = repository.lock(Kind.SHARED);
                var _ = repository.lock(Kind.SHARED)) {
            assertThatThrownBy(() -> repository.lock(Kind.EXCLUSIVE)).isInstanceOf(ResticException.Locked.class);
            assertThat(RepositoryLock.list(repository)).hasSize(2);
        }
        try (var _ = repository.lock(Kind.EXCLUSIVE)) {
            assertThatThrownBy(() -> repository.lock(Kind.SHARED))
                    .isInstanceOf(ResticException.Locked.class)
                    .hasMessageContaining("exclusive lock of tester@testhost");
        }
        assertThat(RepositoryLock.list(repository)).isEmpty();
    }

    @Test
    void aBackupThatReadsWhileItsLockSettlesStoresNothingIfAnotherLockTurnsUp() {
        // given: somebody locks after we looked, and before our own lock is there
        var racing = over(new TestRepository.Forwarding(repository.objects().storage()) {
            @Override
            public boolean putIfAbsent(String key, Content content) throws IOException {
                if (key.startsWith("locks/")) RepositoryLock.announce(repository, Kind.EXCLUSIVE);
                return super.putIfAbsent(key, content);
            }
        });
        // when
        assertThatThrownBy(() -> MemorySource.backup(racing, MemorySource.file("a", new byte[9_000_000])))
                .isInstanceOf(ResticException.Locked.class);
        // then
        assertThat(repository.objects().list("data")).isEmpty();
        assertThat(repository.objects().list("index")).isEmpty();
        assertThat(repository.objects().list("snapshots")).isEmpty();
        assertThat(RepositoryLock.list(repository))
                .singleElement()
                .satisfies(held -> assertThat(held.lock().exclusive()).isTrue());
    }

    @Test
    void aBackupFailsIfTheIndexThatItReadIsGoneWhenItsLockHolds() {
        // given: a prune was not done yet when we read the index, and is when we look for its lock
        MemorySource.backup(repository, MemorySource.file("a", new byte[100]));
        var listed = new AtomicBoolean();
        var racing = over(new TestRepository.Forwarding(repository.objects().storage()) {
            @Override
            public void list(String folder, Consumer<StoredObject> visitor) throws IOException {
                if (!folder.equals("index") || !listed.getAndSet(true)) super.list(folder, visitor);
            }
        });
        // then
        assertThatThrownBy(() -> MemorySource.backup(racing, MemorySource.file("a", new byte[100])))
                .isInstanceOf(ResticException.Locked.class);
        assertThat(repository.snapshots()).hasSize(1);
    }

    private Repository over(Storage storage) {
        return Repository.open(storage, repository.masterKey(), clock.environment());
    }

    @Test
    void isRefreshedAfterFiveMinutesAndNotBefore() {
        try (var lock = repository.lock(Kind.SHARED)) {
            var first = lock.object();
            clock.advanceSeconds(5 * 60 - 1);
            lock.keep();
            assertThat(lock.object()).isEqualTo(first);
            clock.advanceSeconds(1);
            lock.keep();
            assertThat(lock.object()).isNotEqualTo(first);
            assertThat(RepositoryLock.list(repository))
                    .singleElement()
                    .satisfies(held -> assertThat(held.lock().time()).isEqualTo(clock.now()));
        }
    }

    @Test
    void isLostWhenItCouldNotBeRefreshedForTwentyTwoAndAHalfMinutes() {
        var lock = repository.lock(Kind.SHARED);
        broken.set(true);
        clock.advanceSeconds(1349);
        lock.keep();
        clock.advanceSeconds(1);
        assertThatThrownBy(lock::keep).isInstanceOf(ResticException.LockLost.class);
    }

    @Test
    void aRefreshThatFailedIsTriedAgain() {
        try (var lock = repository.lock(Kind.SHARED)) {
            broken.set(true);
            clock.advanceSeconds(600);
            lock.keep();
            broken.set(false);
            clock.advanceSeconds(600);
            lock.keep();
            clock.advanceSeconds(600);
            lock.keep();
        }
    }

    @Test
    void aStaleLockBlocksUntilItIsRemoved() {
        repository.lock(Kind.EXCLUSIVE); // and its owner dies
        clock.advanceSeconds(30 * 60);
        assertThat(RepositoryLock.removeStale(repository)).isEmpty();
        clock.advanceSeconds(1);
        assertThatThrownBy(() -> repository.lock(Kind.SHARED)).isInstanceOf(ResticException.Locked.class);
        assertThat(RepositoryLock.removeStale(repository)).hasSize(1);
        repository.lock(Kind.SHARED).close();
    }

    @Test
    void anUnreadableLockBlocksAndAnEmptyOneDoesNot() {
        repository.objects().put("locks/" + "0".repeat(64), Content.of(new byte[0]));
        repository.lock(Kind.EXCLUSIVE).close();
        repository.objects().put("locks/" + "1".repeat(64), Content.of(new byte[100]));
        assertThatThrownBy(() -> repository.lock(Kind.SHARED)).isInstanceOf(ResticException.Damaged.class);
    }
}
