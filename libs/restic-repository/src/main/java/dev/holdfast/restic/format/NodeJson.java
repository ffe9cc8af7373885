package dev.holdfast.restic.format;

import dev.holdfast.restic.format.Attributes.ExtendedAttribute;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** One node as JSON, in restic's order of fields and with its omissions (section 9). */
final class NodeJson {
    private static final long GO_DIRECTORY = 1L << 31;
    private static final long GO_SYMLINK = 1L << 27;
    private static final long GO_DEVICE = 1L << 26;
    private static final long GO_FIFO = 1L << 25;
    private static final long GO_SOCKET = 1L << 24;
    private static final long GO_SETUID = 1L << 23;
    private static final long GO_SETGID = 1L << 22;
    private static final long GO_CHARACTER = 1L << 21;
    private static final long GO_STICKY = 1L << 20;

    private NodeJson() {}

    static byte[] write(Node node) {
        int ids = node.kind() instanceof Node.File file ? file.content().size() : 0;
        var json = new CanonicalJson(512 + 67 * ids);
        var attributes = node.attributes();
        json.open('{').field("name", node.name().toString()).field("type", type(node.kind()));
        json.optional("mode", typeBits(node.kind()) | permissionBits(attributes.permissions()));
        json.field("mtime", attributes.modified()).field("atime", attributes.accessed());
        json.field("ctime", attributes.changed());
        json.field("uid", attributes.uid()).field("gid", attributes.gid());
        json.optional("user", attributes.user()).optional("group", attributes.group());
        json.optional("inode", attributes.inode()).optional("device_id", attributes.device());
        if (node.kind() instanceof Node.File file) json.optional("size", file.sizeBytes());
        json.optional("links", attributes.links());
        if (node.kind() instanceof Node.Symlink link) {
            json.optional("linktarget", link.target().text());
            if (!link.target().isUtf8())
                json.base64("linktarget_raw", link.target().toByteArray());
        }
        if (!attributes.extended().isEmpty()) extended(json, attributes.extended());
        if (node.kind() instanceof Node.Device device) json.optional("device", device.number());
        json.name("content");
        if (node.kind() instanceof Node.File file) {
            json.open('[');
            file.content().forEach(json::id);
            json.close(']');
        } else {
            json.raw("null");
        }
        if (node.kind() instanceof Node.Directory directory) json.field("subtree", directory.subtree());
        return json.close('}').toByteArray();
    }

    private static void extended(CanonicalJson json, List<ExtendedAttribute> extended) {
        json.name("extended_attributes").open('[');
        for (var attribute : extended) {
            json.open('{').field("name", attribute.name());
            json.base64("value", attribute.value().toByteArray()).close('}');
        }
        json.close(']');
    }

    private static String type(Node.Kind kind) {
        return switch (kind) {
            case Node.File _ -> "file";
            case Node.Directory _ -> "dir";
            case Node.Symlink _ -> "symlink";
            case Node.Device device -> device.character() ? "chardev" : "dev";
            case Node.Fifo _ -> "fifo";
            case Node.Socket _ -> "socket";
        };
    }

    private static long typeBits(Node.Kind kind) {
        return switch (kind) {
            case Node.File _ -> 0;
            case Node.Directory _ -> GO_DIRECTORY;
            case Node.Symlink _ -> GO_SYMLINK;
            case Node.Device device -> device.character() ? GO_DEVICE | GO_CHARACTER : GO_DEVICE;
            case Node.Fifo _ -> GO_FIFO;
            case Node.Socket _ -> GO_SOCKET;
        };
    }

    private static long permissionBits(int unix) {
        return (unix & 0777)
                | ((unix & 04000) != 0 ? GO_SETUID : 0)
                | ((unix & 02000) != 0 ? GO_SETGID : 0)
                | ((unix & 01000) != 0 ? GO_STICKY : 0);
    }

    private static int permissions(long go) {
        return (int) (go & 0777)
                | ((go & GO_SETUID) != 0 ? 04000 : 0)
                | ((go & GO_SETGID) != 0 ? 02000 : 0)
                | ((go & GO_STICKY) != 0 ? 01000 : 0);
    }

    static Node read(JsonIn in) throws IOException {
        var fields = new Fields();
        in.object(fields::read);
        return fields.node();
    }

    /** The fields of a node while it is read. */
    private static final class Fields {
        private String name = "";
        private String type = "";
        private long mode;
        private Instant modified = Instant.EPOCH;
        private Instant accessed = Instant.EPOCH;
        private Instant changed = Instant.EPOCH;
        private long uid;
        private long gid;
        private String user = "";
        private String group = "";
        private long inode;
        private long deviceId;
        private long size;
        private long links;
        private ByteString target = ByteString.of("");
        private boolean rawTarget;
        private final List<ExtendedAttribute> extended = new ArrayList<>();
        private long device;
        private boolean hasContent;
        private final List<Id> content = new ArrayList<>();
        private final List<Id> subtree = new ArrayList<>(1);

        void read(String field, JsonIn in) throws IOException {
            switch (field) {
                case "name" -> name = in.string();
                case "type" -> type = in.string();
                case "mode" -> mode = in.unsigned();
                case "mtime" -> modified = Times.parseInstant(in.string());
                case "atime" -> accessed = Times.parseInstant(in.string());
                case "ctime" -> changed = Times.parseInstant(in.string());
                case "uid" -> uid = in.unsigned();
                case "gid" -> gid = in.unsigned();
                case "user" -> user = in.string();
                case "group" -> group = in.string();
                case "inode" -> inode = in.unsigned();
                case "device_id" -> deviceId = in.unsigned();
                case "size" -> size = in.unsigned();
                case "links" -> links = in.unsigned();
                case "linktarget" -> target = rawTarget ? target : ByteString.of(in.string());
                case "linktarget_raw" -> readRawTarget(in);
                case "extended_attributes" -> in.array(element -> extended.add(readExtended(element)));
                case "device" -> device = in.unsigned();
                case "content" -> {
                    hasContent = in.isArray();
                    in.array(element -> content.add(element.id()));
                }
                case "subtree" -> {
                    if (!in.isNull()) subtree.add(in.id());
                }
                default -> in.skip();
            }
        }

        private void readRawTarget(JsonIn in) throws IOException {
            rawTarget = !in.isNull();
            if (rawTarget) target = ByteString.of(in.base64());
        }

        private static ExtendedAttribute readExtended(JsonIn in) throws IOException {
            var name = new String[] {""};
            var value = new byte[1][0];
            in.object((field, it) -> {
                switch (field) {
                    case "name" -> name[0] = it.string();
                    case "value" -> value[0] = it.base64();
                    default -> it.skip();
                }
            });
            return new ExtendedAttribute(name[0], ByteString.of(value[0]));
        }

        Node node() {
            var bytes = ByteString.of(NameQuoting.unquote(name));
            if (bytes.length() == 0) throw new ResticException.Damaged("an entry without a name");
            var attributes = new Attributes(
                    permissions(mode),
                    modified,
                    accessed,
                    changed,
                    uid,
                    gid,
                    user,
                    group,
                    inode,
                    deviceId,
                    links,
                    extended);
            return new Node(bytes, kind(bytes), attributes);
        }

        private Node.Kind kind(ByteString bytes) {
            return switch (type) {
                case "file" -> {
                    if (!hasContent) throw new ResticException.Damaged("the file " + bytes + " has no content list");
                    if (size < 0) throw new ResticException.Damaged("the file " + bytes + " is of 2^63 bytes or more");
                    yield new Node.File(size, content);
                }
                case "dir" -> {
                    if (subtree.size() != 1) throw new ResticException.Damaged("the folder " + bytes + " has no tree");
                    yield new Node.Directory(subtree.getFirst());
                }
                case "symlink" -> new Node.Symlink(target);
                case "dev" -> new Node.Device(false, device);
                case "chardev" -> new Node.Device(true, device);
                case "fifo" -> new Node.Fifo();
                case "socket" -> new Node.Socket();
                default -> throw new ResticException.Damaged(bytes + " is of unknown type " + Text.excerpt(type));
            };
        }
    }
}
