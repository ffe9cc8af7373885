package dev.holdfast.restic.format;

import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A snapshot object (section 10).
 *
 * @param time with the offset of the place where it was made: {@code forget} cuts days there
 * @param parent the snapshot that it was compared with
 * @param tree the tree blob of the root
 * @param paths what was backed up; {@code forget} groups by hostname and these
 * @param original the snapshot that this one is a copy of
 */
public record Snapshot(
        OffsetDateTime time,
        Optional<Id> parent,
        Id tree,
        List<String> paths,
        String hostname,
        String username,
        long uid,
        long gid,
        List<String> excludes,
        List<String> tags,
        Optional<Id> original,
        String programVersion,
        Optional<SnapshotSummary> summary) {

    public Snapshot {
        paths = List.copyOf(paths);
        excludes = List.copyOf(excludes);
        tags = List.copyOf(tags);
    }

    /** The same snapshot in another repository, where it has no parent. */
    public Snapshot copyOf(Id source) {
        var first = Optional.of(original.orElse(source));
        return new Snapshot(
                time,
                Optional.empty(),
                tree,
                paths,
                hostname,
                username,
                uid,
                gid,
                excludes,
                tags,
                first,
                programVersion,
                summary);
    }

    /** The same with one more tag. */
    public Snapshot tagged(String tag) {
        var more = new ArrayList<>(tags);
        more.add(tag);
        return new Snapshot(
                time,
                parent,
                tree,
                paths,
                hostname,
                username,
                uid,
                gid,
                excludes,
                more,
                original,
                programVersion,
                summary);
    }

    public byte[] encode() {
        var json = new CanonicalJson(1024).open('{').name("time").string(Times.format(time));
        parent.ifPresent(id -> json.field("parent", id));
        json.field("tree", tree).field("paths", paths);
        json.optional("hostname", hostname).optional("username", username);
        json.optional("uid", uid).optional("gid", gid);
        json.optional("excludes", excludes).optional("tags", tags);
        original.ifPresent(id -> json.field("original", id));
        json.optional("program_version", programVersion);
        summary.ifPresent(it -> it.write(json.name("summary")));
        return json.close('}').toByteArray();
    }

    /** Throws {@link ResticException.Damaged} if time, tree or paths are missing, or a value is of the wrong kind. */
    public static Snapshot decode(byte[] json) {
        var fields = new Object() {
            Optional<OffsetDateTime> time = Optional.empty();
            Optional<Id> parent = Optional.empty();
            Optional<Id> tree = Optional.empty();
            List<String> paths = List.of();
            String hostname = "";
            String username = "";
            long uid;
            long gid;
            List<String> excludes = List.of();
            List<String> tags = List.of();
            Optional<Id> original = Optional.empty();
            String programVersion = "";
            Optional<SnapshotSummary> summary = Optional.empty();
        };
        JsonIn.read("snapshot", json, (name, in) -> {
            switch (name) {
                case "time" -> fields.time = Optional.of(Times.parse(in.string()));
                case "parent" -> fields.parent = in.isNull() ? Optional.empty() : Optional.of(in.id());
                case "tree" -> fields.tree = Optional.of(in.id());
                case "paths" -> fields.paths = in.strings();
                case "hostname" -> fields.hostname = in.string();
                case "username" -> fields.username = in.string();
                case "uid" -> fields.uid = in.unsigned();
                case "gid" -> fields.gid = in.unsigned();
                case "excludes" -> fields.excludes = in.strings();
                case "tags" -> fields.tags = in.strings();
                case "original" -> fields.original = in.isNull() ? Optional.empty() : Optional.of(in.id());
                case "program_version" -> fields.programVersion = in.string();
                case "summary" -> fields.summary = SnapshotSummary.read(in);
                default -> in.skip();
            }
        });
        return new Snapshot(
                fields.time.orElseThrow(() -> new ResticException.Damaged("snapshot without a time")),
                fields.parent,
                fields.tree.orElseThrow(() -> new ResticException.Damaged("snapshot without a tree")),
                fields.paths,
                fields.hostname,
                fields.username,
                fields.uid,
                fields.gid,
                fields.excludes,
                fields.tags,
                fields.original,
                fields.programVersion,
                fields.summary);
    }
}
