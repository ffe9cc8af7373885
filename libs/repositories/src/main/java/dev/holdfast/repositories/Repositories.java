package dev.holdfast.repositories;

import dev.holdfast.restic.Environment;
import dev.holdfast.restic.IndexCache;
import dev.holdfast.restic.NewRepository;
import dev.holdfast.restic.Repository;
import dev.holdfast.restic.chunk.Polynomial;
import dev.holdfast.restic.crypto.KeySet;
import dev.holdfast.restic.format.Id;
import dev.holdfast.restic.format.KeyFile;
import dev.holdfast.restic.format.Limits;
import dev.holdfast.restic.format.ResticException;
import dev.holdfast.restic.format.Zstd;
import java.io.IOException;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.random.RandomGenerator;
import software.amazon.awssdk.services.s3.S3Client;

/** Makes repositories, and opens them without their passwords. Thread-safe. */
public final class Repositories {

    private static final int PASSWORD_BYTES = 32; // 256 bits

    private final RepositoryTable table;
    private final PruneTable prunes;
    private final ConnectionTable connections;
    private final S3Clients clients;
    private final KeyWrap keys;
    private final String bucket;
    private final Environment environment;
    private final KeyFile.Cost cost;
    private final ConcurrentMap<String, IndexCache> indexes = new ConcurrentHashMap<>();

    /**
     * Puts repositories without a connection into a bucket of Holdfast's own endpoint.
     *
     * @param hostname what locks and snapshots carry; no machine's
     * @param cost of turning a recovery password into a key
     */
    public Repositories(
            RepositoryTable table,
            PruneTable prunes,
            ConnectionTable connections,
            S3Clients clients,
            KeyWrap keys,
            String bucket,
            String hostname,
            KeyFile.Cost cost,
            InstantSource clock,
            RandomGenerator random) {
        this.table = table;
        this.prunes = prunes;
        this.connections = connections;
        this.clients = clients;
        this.keys = keys;
        this.bucket = bucket;
        this.cost = cost;
        this.environment = new Environment(
                clock,
                random,
                hostname,
                "holdfast",
                ProcessHandle.current().pid(),
                Limits.forThisHeap(),
                Zstd.Engine.fastest());
    }

    /** What became of the wish for a repository. */
    public sealed interface Creation {
        /** It is there. */
        record Made(StoredRepository repository) implements Creation {}

        /** The tenant has one of that name. */
        record NameTaken() implements Creation {}

        /** There is a repository at that place of the connection's bucket, which is not the tenant's to replace. */
        record PlaceTaken() implements Creation {}
    }

    /** A password that nobody guesses: 256 random bits, to be shown once. */
    public String newPassword() {
        var bytes = new byte[PASSWORD_BYTES];
        environment.random().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /**
     * Makes a repository. One that died in the middle of this leaves nothing that is in the way for longer than two
     * minutes.
     *
     * @param connection where it is to lie; its bucket must be known
     * @param prefix the place in the bucket of a connection, or the place of the tenant in Holdfast's bucket
     * @param password opens it without Holdfast
     * @throws KeyUnavailableException when nothing can wrap its key; then nothing was written
     */
    public Creation create(
            String tenant, String name, Optional<Connection> connection, String prefix, String password) {
        var master = KeySet.random(environment.random());
        var place = connection.flatMap(Connection::bucket).orElse(bucket);
        var path = connection.isPresent() ? prefix : "backups/" + tenant + "/" + prefix;
        var s3 = connection.map(clients::of).orElseGet(clients::own);
        var wanted = new StoredRepository(
                tenant,
                name,
                connection.map(Connection::name),
                place,
                path,
                keys.wrap(master, tenant, name),
                environment.clock().instant());
        if (!table.begin(wanted, environment.clock().instant())) return new Creation.NameTaken();
        var storage = new S3Storage(s3, place, path);
        var repository = new NewRepository(password, master, Polynomial.random(environment.random()), cost);
        try {
            init(storage, repository, connection.isEmpty());
        } catch (ResticException.AlreadyExists foreign) {
            table.abandon(wanted);
            return new Creation.PlaceTaken();
        }
        return table.finish(wanted) ? new Creation.Made(wanted) : new Creation.NameTaken();
    }

    /** In our own bucket the row says who may make one; what lies there without a row was never finished. */
    private void init(S3Storage storage, NewRepository wanted, boolean ours) {
        try {
            Repository.init(storage, wanted, environment);
        } catch (ResticException.AlreadyExists leftover) {
            if (!ours || !removeUnfinished(storage)) throw leftover;
            Repository.init(storage, wanted, environment);
        }
    }

    private static boolean removeUnfinished(S3Storage storage) {
        var leftovers = new ArrayList<String>();
        var used = new boolean[1];
        try {
            storage.list("snapshots", _ -> used[0] = true);
            if (used[0]) return false;
            storage.list("keys", object -> leftovers.add(object.key()));
            leftovers.add("config");
            storage.delete(leftovers);
            return true;
        } catch (IOException e) {
            throw new ResticException.StorageFailed("remove what was not finished", e);
        }
    }

    /** What {@code restic -r} takes. */
    public String resticUrl(StoredRepository stored) {
        var endpoint = stored.connection()
                .flatMap(name -> connections.find(stored.tenant(), name))
                .map(Connection::endpoint)
                .orElseGet(this::ownEndpoint);
        return "s3:" + endpoint + "/" + stored.bucket() + "/" + stored.prefix();
    }

    /** Where Holdfast's own bucket is. */
    public URI ownEndpoint() {
        var configuration = clients.own().serviceClientConfiguration();
        return configuration
                .endpointOverride()
                .map(url -> URI.create(url.toString().replaceFirst("/+$", "")))
                .orElseGet(
                        () -> URI.create("https://s3." + configuration.region().id() + ".amazonaws.com"));
    }

    /** The tenant's repository of that name. */
    public Optional<StoredRepository> find(String tenant, String name) {
        return table.find(tenant, name);
    }

    /**
     * Opens a repository with its wrapped key. Whoever writes to it heeds what a prune of it has condemned.
     *
     * @throws KeyUnavailableException when its key cannot be unwrapped
     * @throws S3Clients.UnusableConnectionException when its connection cannot be used
     * @throws ResticException when it is not there or damaged
     */
    public Repository open(StoredRepository stored) {
        var master = keys.unwrap(stored.wrappedKey(), stored.tenant(), stored.name());
        var storage = storage(stored);
        return Repository.open(TracedStorage.of(storage), master, environment)
                .sharing(indexes.computeIfAbsent(stored.tenant() + "/" + stored.name(), _ -> new IndexCache()))
                .avoiding(() -> condemned(stored, storage));
    }

    /**
     * Opens and seals what the catalogue keeps of a repository. Unwraps its key, and reads nothing of it.
     *
     * @throws KeyUnavailableException when its key cannot be unwrapped
     */
    public DirectorySeal directorySeal(StoredRepository stored) {
        return new DirectorySeal(keys.unwrap(stored.wrappedKey(), stored.tenant(), stored.name()), environment);
    }

    private Set<Id> condemned(StoredRepository stored, S3Storage storage) {
        while (true) {
            var pruning = prunes.find(stored.tenant(), stored.name());
            if (pruning.isEmpty()) return Set.of();
            var packs = PackList.read(storage, pruning.get().packs());
            if (packs.isPresent()) return packs.get();
            if (prunes.find(stored.tenant(), stored.name()).equals(pruning)) {
                throw new ResticException.Missing(
                        "the list of condemned packs " + pruning.get().packs());
            }
        }
    }

    /** The place on a connection, whose bucket must be known, where the mirror of a repository lies. */
    public S3Storage mirror(StoredRepository stored, Connection to) {
        return new S3Storage(clients.of(to), to.bucket().orElseThrow(), stored.prefix());
    }

    /** What {@code restic -r} takes for the mirror of a repository. */
    public String mirrorUrl(StoredRepository stored, Connection to) {
        return "s3:" + to.endpoint() + "/" + to.bucket().orElseThrow() + "/" + stored.prefix();
    }

    /** The objects of a repository. */
    public S3Storage storage(StoredRepository stored) {
        return new S3Storage(s3(stored), stored.bucket(), stored.prefix());
    }

    /** The client of a repository's endpoint. */
    public S3Client s3(StoredRepository stored) {
        return clients.of(stored.tenant(), stored.connection());
    }

    /** The client of a connection. Throws {@link S3Clients.UnusableConnectionException} when it cannot be used. */
    public S3Client s3(Connection connection) {
        return clients.of(connection);
    }

    /** Whether that is the bucket of everybody's data. */
    public boolean isOwnBucket(URI endpoint, String name) {
        return name.equals(bucket) && endpoint.equals(ownEndpoint());
    }

    /** The client of Holdfast's own endpoint, with its own credentials. */
    public S3Client ownS3() {
        return clients.own();
    }

    /** The connection of that name, if the tenant has one. */
    public Optional<Connection> connection(String tenant, String name) {
        return connections.find(tenant, name);
    }

    /** What locks and snapshots carry as their host. */
    public String hostname() {
        return environment.hostname();
    }
}
