package dev.holdfast.restic.format;

import java.time.Instant;

/** A lock object (section 11). Several shared ones go together; an exclusive one goes with no other. */
public record LockFile(
        Instant time, boolean exclusive, String hostname, String username, long pid, long uid, long gid) {

    public byte[] encode() {
        var json = new CanonicalJson(200).open('{').field("time", time).field("exclusive", exclusive);
        json.field("hostname", hostname).field("username", username).field("pid", pid);
        return json.optional("uid", uid).optional("gid", gid).close('}').toByteArray();
    }

    public static LockFile decode(byte[] json) {
        var fields = new Object() {
            Instant time = Instant.EPOCH;
            boolean exclusive;
            String hostname = "";
            String username = "";
            long pid;
            long uid;
            long gid;
        };
        JsonIn.read("lock", json, (name, in) -> {
            switch (name) {
                case "time" -> fields.time = Times.parse(in.string()).toInstant();
                case "exclusive" -> fields.exclusive = in.bool();
                case "hostname" -> fields.hostname = in.string();
                case "username" -> fields.username = in.string();
                case "pid" -> fields.pid = in.unsigned();
                case "uid" -> fields.uid = in.unsigned();
                case "gid" -> fields.gid = in.unsigned();
                default -> in.skip();
            }
        });
        return new LockFile(
                fields.time, fields.exclusive, fields.hostname, fields.username, fields.pid, fields.uid, fields.gid);
    }

    @Override
    public String toString() {
        return (exclusive ? "exclusive" : "shared") + " lock of " + username + "@" + hostname + ", process " + pid
                + ", since " + time;
    }
}
