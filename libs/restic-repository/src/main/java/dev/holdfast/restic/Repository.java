package dev.holdfast.restic;

import dev.holdfast.restic.crypto.KeySet;
import dev.holdfast.restic.crypto.Sealer;
import dev.holdfast.restic.format.ByteString;
import dev.holdfast.restic.format.Config;
import dev.holdfast.restic.format.Id;
import dev.holdfast.restic.format.KeyFile;
import dev.holdfast.restic.format.ResticException;
import dev.holdfast.restic.format.Snapshot;
import dev.holdfast.restic.storage.Content;
import dev.holdfast.restic.storage.Storage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * An open repository: its keys, its snapshots, and the way to everything else. Thread-safe. Any method may throw a
 * {@link ResticException}.
 */
public final class Repository {
    /** restic tries no more either. */
    private static final int MAX_KEYS = 20;

    private final ObjectStore objects;
    private final KeySet masterKey;
    private final Config config;
    private final Environment environment;
    private final IndexFiles indexFiles;

    private Repository(
            ObjectStore objects, KeySet masterKey, Config config, Environment environment, IndexFiles indexFiles) {
        this.objects = objects;
        this.masterKey = masterKey;
        this.config = config;
        this.environment = environment;
        this.indexFiles = indexFiles;
    }

    private Repository(ObjectStore objects, KeySet masterKey, Config config, Environment environment) {
        this(
                objects,
                masterKey,
                config,
                environment,
                new IndexFiles(objects, masterKey, environment, Set::of, new IndexCache()));
    }

    /**
     * Makes a repository with one key. Of two that race, one wins and the other one fails.
     *
     * @throws ResticException.AlreadyExists if there is a config, a key or a snapshot
     */
    public static Repository init(Storage storage, NewRepository wanted, Environment environment) {
        var objects = new ObjectStore(storage);
        if (objects.size("config") >= 0
                || !objects.list("keys").isEmpty()
                || !objects.list("snapshots").isEmpty()) {
            throw new ResticException.AlreadyExists();
        }
        var random = new byte[Id.BYTES];
        environment.random().nextBytes(random);
        var config = new Config(Id.at(random, 0), wanted.polynomial());
        var repository = new Repository(objects, wanted.masterKey(), config, environment);
        var key = repository.addKey(wanted.password(), wanted.cost());
        var sealed = new Sealer(wanted.masterKey(), environment.random()).seal(config.encode());
        if (!objects.put("config", Content.of(sealed))) {
            objects.delete(List.of(ObjectStore.key("keys", key)));
            throw new ResticException.AlreadyExists();
        }
        return repository;
    }

    /** {@link #init(Storage, NewRepository, Environment)} with random keys, in this process. */
    public static Repository init(Storage storage, String password) {
        var environment = Environment.ofThisProcess();
        return init(storage, NewRepository.withPassword(password, environment.random()), environment);
    }

    /**
     * Tries the password on every key; about 100 ms and 32 MiB for each.
     *
     * @throws ResticException.NotARepository if there is no key or no config, or it is not of version 2
     * @throws ResticException.WrongPassword if no key opens
     */
    public static Repository open(Storage storage, String password, Environment environment) {
        var objects = new ObjectStore(storage);
        var keys = objects.list("keys");
        if (keys.isEmpty()) throw new ResticException.NotARepository("there is no key");
        for (var key : keys.subList(0, Math.min(keys.size(), MAX_KEYS))) {
            var master = readKey(objects, key.id(), environment).open(password, environment.random());
            if (master.isPresent()) return open(objects, master.get(), environment);
        }
        throw new ResticException.WrongPassword();
    }

    public static Repository open(Storage storage, String password) {
        return open(storage, password, Environment.ofThisProcess());
    }

    /** Opens without a password, for a holder of the master key set. */
    public static Repository open(Storage storage, KeySet masterKey, Environment environment) {
        return open(new ObjectStore(storage), masterKey, environment);
    }

    private static Repository open(ObjectStore objects, KeySet masterKey, Environment environment) {
        byte[] sealed;
        try {
            sealed = objects.whole("config", environment.limits().smallObject());
        } catch (ResticException.Missing e) {
            throw new ResticException.NotARepository("there is no config");
        }
        var config = Config.decode(ObjectStore.open("config", sealed, masterKey, environment));
        return new Repository(objects, masterKey, config, environment);
    }

    /**
     * The same repository for writers that take the blobs of some packs for absent, see {@link SharedPrune}.
     *
     * @param packs is asked each time an index is loaded to write with
     */
    public Repository avoiding(Supplier<Set<Id>> packs) {
        return new Repository(objects, masterKey, config, environment, indexFiles.avoiding(packs));
    }

    /** The same repository, whose index is kept there for other writers of this process. */
    public Repository sharing(IndexCache index) {
        return new Repository(objects, masterKey, config, environment, indexFiles.sharing(index));
    }

    public Config config() {
        return config;
    }

    /** Whoever has it can read and write everything; it cannot be changed, only left behind by copying. */
    public KeySet masterKey() {
        return masterKey;
    }

    public Environment environment() {
        return environment;
    }

    ObjectStore objects() {
        return objects;
    }

    IndexFiles indexFiles() {
        return indexFiles;
    }

    Sealer sealer() {
        return new Sealer(masterKey, environment.random());
    }

    /** Adds a password; returns the name of its key. */
    public Id addKey(String password, KeyFile.Cost cost) {
        var key = KeyFile.seal(
                masterKey,
                password,
                cost,
                environment.clock().instant(),
                environment.username(),
                environment.hostname(),
                environment.random());
        return objects.putNamed("keys", key.encode());
    }

    public Map<Id, KeyFile> keys() {
        var keys = new LinkedHashMap<Id, KeyFile>();
        for (var named : objects.list("keys")) keys.put(named.id(), readKey(objects, named.id(), environment));
        return keys;
    }

    private static KeyFile readKey(ObjectStore objects, Id id, Environment environment) {
        var key = ObjectStore.key("keys", id);
        var json = objects.whole(key, environment.limits().smallObject());
        if (!Id.hashOf(json).equals(id)) throw new ResticException.Damaged(key + " does not match its name");
        return KeyFile.decode(json);
    }

    /**
     * Takes a password away. Does not help against somebody who has read the master key with it.
     *
     * @throws IllegalArgumentException if it is the only key
     */
    public void removeKey(Id key) {
        if (objects.list("keys").stream().allMatch(named -> named.id().equals(key))) {
            throw new IllegalArgumentException("the last key must stay");
        }
        objects.delete(List.of(ObjectStore.key("keys", key)));
    }

    /** All snapshots, oldest first. */
    public List<StoredSnapshot> snapshots() {
        var snapshots = new ArrayList<StoredSnapshot>();
        for (var named : objects.list("snapshots")) {
            try {
                snapshots.add(snapshot(named.id()));
            } catch (ResticException.Missing e) {
                // forgotten since it was listed
            }
        }
        snapshots.sort(
                Comparator.comparing((StoredSnapshot it) -> it.snapshot().time().toInstant())
                        .thenComparing(StoredSnapshot::id));
        return snapshots;
    }

    /** The names of all snapshots. */
    public Set<Id> snapshotIds() {
        var ids = new LinkedHashSet<Id>();
        for (var named : objects.list("snapshots")) ids.add(named.id());
        return ids;
    }

    /** The snapshot of that name; {@link ResticException.Missing} if there is none. */
    public StoredSnapshot snapshot(Id id) {
        return new StoredSnapshot(id, Snapshot.decode(objects.unpacked("snapshots", id, masterKey, environment)));
    }

    /** The newest snapshot of that host and those paths, as restic looks for a parent. */
    public Optional<StoredSnapshot> latest(String hostname, List<String> paths) {
        return snapshots().reversed().stream()
                .filter(it -> it.snapshot().hostname().equals(hostname)
                        && it.snapshot().paths().equals(paths))
                .findFirst();
    }

    /** Seals without storing. */
    public SealedSnapshot seal(Snapshot snapshot) {
        var sealed = ObjectStore.sealUnpacked(snapshot.encode(), masterKey, environment);
        return new SealedSnapshot(Id.hashOf(sealed), ByteString.of(sealed));
    }

    /** Stores a snapshot; everything that it refers to must be stored already. Doing it again changes nothing. */
    public StoredSnapshot store(SealedSnapshot sealed) {
        var bytes = sealed.sealed().toByteArray();
        objects.putNamed("snapshots", bytes);
        var json = ObjectStore.openUnpacked("snapshots", sealed.id(), bytes, masterKey, environment);
        return new StoredSnapshot(sealed.id(), Snapshot.decode(json));
    }

    /** Stores an index file; the packs that it names must be stored already. Doing it again changes nothing. */
    public void store(SealedIndex sealed) {
        objects.putNamed("index", sealed.sealed().toByteArray());
    }

    /** Whether these index files are still there: who prunes removes those of the packs that it removes. */
    public boolean holds(Collection<Id> indexes) {
        return indexFiles.list().containsAll(indexes);
    }

    /** Seals JSON that a fleet keeps beside the repository, as the repository's own files are. */
    public byte[] sealJson(byte[] json) {
        return ObjectStore.sealUnpacked(json, masterKey, environment);
    }

    /**
     * Opens what {@link #sealJson} sealed.
     *
     * @param id the hash of the sealed bytes
     * @throws ResticException.Damaged if it is something else
     */
    public byte[] openJson(Id id, byte[] sealed) {
        return ObjectStore.openUnpacked("sealed JSON", id, sealed, masterKey, environment);
    }

    /** Keeps others from removing (shared) or from using (exclusive) what we work on. */
    public RepositoryLock lock(RepositoryLock.Kind kind) {
        return RepositoryLock.acquire(this, kind);
    }
}
