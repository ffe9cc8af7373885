package dev.holdfast.restic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.restic.storage.MemoryStorage;
import dev.holdfast.restic.storage.Storage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class IndexCacheTest {

    private final List<String> read = new ArrayList<>();
    private final Repository repository = TestRepository.init(new MemoryStorage());
    private final Repository shared = Repository.open(
                    new Counting(repository.objects().storage()), repository.masterKey(), repository.environment())
            .sharing(new IndexCache());

    private final class Counting extends TestRepository.Forwarding {
        private Counting(Storage storage) {
            super(storage);
        }

        @Override
        public byte[] get(String key, long offset, int length) throws IOException {
            if (key.startsWith("index/")) read.add(key);
            return super.get(key, offset, length);
        }
    }

    @Test
    void readsOnlyWhatHasComeSince() {
        MemorySource.backup(repository, MemorySource.file("a", new byte[100]));
        shared.indexFiles().load();
        MemorySource.backup(repository, MemorySource.file("b", new byte[200]));

        var index = shared.indexFiles().load();

        assertThat(read).hasSize(2).doesNotHaveDuplicates();
        assertThat(index.size()).isEqualTo(repository.indexFiles().load().size());
    }

    @Test
    void readsAllAnewWhenAFileIsGone() {
        MemorySource.backup(repository, MemorySource.file("a", new byte[100]));
        MemorySource.backup(repository, MemorySource.file("b", new byte[200]));
        shared.indexFiles().load();
        var gone = repository.objects().list("index").getFirst().id();
        repository.objects().delete(List.of(ObjectStore.key("index", gone)));

        var index = shared.indexFiles().load();

        assertThat(index.size()).isEqualTo(repository.indexFiles().load().size());
        assertThat(read).hasSize(3);
    }

    @Test
    void whatAWriterAddsIsItsOwnUntilItsIndexIsStored() throws IOException {
        MemorySource.backup(repository, MemorySource.file("a", new byte[100]));
        var index = shared.indexFiles().load();
        var before = index.size();
        try (var writer = BlobWriter.openWithoutIndex(shared, index, WriterOptions.defaults(), _ -> {})) {
            writer.storeFile(new ByteArrayInputStream(new byte[5_000]));
            writer.flush();
        }

        assertThat(shared.indexFiles().load().size()).isEqualTo(before);
    }
}
