package dev.holdfast.restic;

import dev.holdfast.restic.format.Id;
import dev.holdfast.restic.format.IndexJson;
import dev.holdfast.restic.format.IndexJson.MarkedPack;
import dev.holdfast.restic.format.PackedBlob;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Writes index files of at most 50 000 blobs; a pack that was placed once is not placed again. */
final class IndexRewriter {
    private final Repository repository;
    private final Set<Id> placed = new HashSet<>();
    private final Map<Id, List<PackedBlob>> packs = new LinkedHashMap<>();
    private final List<MarkedPack> marks = new ArrayList<>();
    private int blobs;

    IndexRewriter(Repository repository) {
        this.repository = repository;
    }

    void live(Id pack, List<PackedBlob> content) {
        if (!placed.add(pack)) return;
        makeRoom(content.size());
        packs.put(pack, content);
    }

    void marked(MarkedPack pack) {
        if (!placed.add(pack.id())) return;
        makeRoom(pack.blobs().size());
        marks.add(pack);
    }

    private void makeRoom(int count) {
        if (blobs > 0 && blobs + count > IndexWriter.MAX_BLOBS) flush();
        blobs += count;
    }

    void flush() {
        if (!packs.isEmpty() || !marks.isEmpty()) repository.indexFiles().store(IndexJson.encode(packs, marks));
        packs.clear();
        marks.clear();
        blobs = 0;
    }
}
