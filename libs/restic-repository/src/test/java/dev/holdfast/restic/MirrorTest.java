package dev.holdfast.restic;

import static dev.holdfast.restic.MemorySource.file;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.restic.format.ResticException;
import dev.holdfast.restic.storage.Content;
import dev.holdfast.restic.storage.MemoryStorage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MirrorTest {
    private final TestRepository.Clock clock = new TestRepository.Clock();
    private final MemoryStorage storage = new MemoryStorage();
    private final Repository repository = TestRepository.init(storage, clock.environment());
    private final MemoryStorage target = new MemoryStorage();
    private final byte[] content = SampleFolder.bytes(new Random(1), 2_000_000);

    private Mirror.Report mirror() {
        return Mirror.copy(repository, target, 2, Progress.silent(), () -> {});
    }

    private Repository copy() {
        return Repository.open(target, TestRepository.PASSWORD, clock.environment());
    }

    @Test
    void copyOpensWithTheSamePasswordAndRestoresTheSame() {
        // given
        var snapshot = MemorySource.backup(repository, file("a", content)).snapshot();
        // when
        var report = mirror();
        // then
        var sink = new MemorySink();
        Restorer.restore(copy(), snapshot.id(), Selection.all(), sink, Progress.silent());
        assertThat(sink.files().get("/a")).isEqualTo(content);
        assertThat(report.copied()).isEqualTo(report.objects() - 1); // the config is not counted
        assertThat(Checker.check(copy(), new Checker.ReadData.Everything(), 1, Progress.silent())
                        .hints())
                .isEmpty();
    }

    @Test
    void secondCopyTakesOnlyWhatIsNewAndDeletesNothing() {
        // given
        var first = MemorySource.backup(repository, file("a", content)).snapshot();
        mirror();
        clock.advanceSeconds(60);
        var second = MemorySource.backup(repository, file("a", content), file("b", new byte[9]))
                .snapshot();
        Forget.remove(repository, List.of(first.id()));
        // when
        var report = mirror();
        var again = mirror();
        // then
        assertThat(copy().snapshotIds()).containsExactlyInAnyOrder(first.id(), second.id());
        assertThat(report.bytesCopied()).isLessThan(100_000);
        assertThat(again.copied()).isZero();
        assertThat(RepositoryLock.list(copy())).isEmpty();
    }

    @Test
    void copyIsARepositoryOnlyOnceItIsWhole() throws IOException {
        // given
        MemorySource.backup(repository, file("a", content));
        var order = new ArrayList<String>();
        var seen = new TestRepository.Forwarding(target) {
            @Override
            public boolean putIfAbsent(String key, Content bytes) throws IOException {
                order.add(key.replaceFirst("/.*", ""));
                return super.putIfAbsent(key, bytes);
            }
        };
        // when
        Mirror.copy(repository, seen, 1, Progress.silent(), () -> {});
        // then
        assertThat(order.stream().distinct()).containsExactly("data", "index", "snapshots", "keys", "config");
    }

    @Test
    void anotherRepositoryIsNotTouched() {
        TestRepository.init(target, clock.environment());
        MemorySource.backup(repository, file("a", content));

        assertThatThrownBy(this::mirror).isInstanceOf(ResticException.AlreadyExists.class);

        assertThat(copy().snapshotIds()).isEmpty();
    }

    @Test
    void damageIsNotCopied() throws IOException {
        // given
        MemorySource.backup(repository, file("a", content));
        var pack =
                ObjectStore.packKey(repository.objects().list("data").getFirst().id());
        var bytes = storage.get(pack, 0, 20_000_000);
        bytes[100] ^= 1;
        storage.delete(List.of(pack));
        storage.putIfAbsent(pack, Content.of(bytes));
        // then
        assertThatThrownBy(this::mirror)
                .isInstanceOf(ResticException.Damaged.class)
                .hasMessageContaining(pack);
        assertThat(target.size(pack)).isNegative();
    }
}
