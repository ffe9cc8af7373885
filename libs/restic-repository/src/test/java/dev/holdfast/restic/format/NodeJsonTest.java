package dev.holdfast.restic.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.restic.format.Attributes.ExtendedAttribute;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class NodeJsonTest {
    private static final Instant TIME = Instant.parse("2026-11-20T21:36:31.270Z");
    private static final Id ID = Id.hashOf(new byte[0]);

    private static String json(Node node) {
        return new String(TreeJson.encode(node), StandardCharsets.UTF_8);
    }

    @Test
    void theNameOfTheFormatTextIsQuotedAsResticDoes() {
        var name = "a\"b\\c\nd\u00a0e\u200bf<é>\u007f&😀";
        var node = new Node(ByteString.of(name), new Node.Fifo(), Attributes.of(0644, TIME));
        assertThat(json(node))
                .startsWith(
                        "{\"name\":\"a\\\\\\\"b\\\\\\\\c\\\\nd\\\\u00a0e\\\\u200bf\\u003cé\\u003e\\\\x7f\\u0026😀\",");
    }

    @Test
    void everyNameComesBackByteForByte() {
        var bytes = new byte[256 + 8];
        for (int i = 0; i < 256; i++) bytes[i] = (byte) i;
        System.arraycopy(
                new byte[] {(byte) 0xED, (byte) 0xA0, (byte) 0x80, (byte) 0xC0, (byte) 0x80}, 0, bytes, 256, 5);
        assertThat(NameQuoting.unquote(NameQuoting.quote(bytes))).isEqualTo(bytes);
        assertThat(NameQuoting.quote(new byte[] {(byte) 0xFF, 'a', 0})).isEqualTo("\\xffa\\x00");
    }

    @Test
    void aBadEscapeIsDamage() {
        for (var bad : List.of("\\", "\\q", "\\x1", "\\u12", "\\U00110000", "a\"b")) {
            assertThatThrownBy(() -> NameQuoting.unquote(bad)).isInstanceOf(ResticException.Damaged.class);
        }
    }

    @Test
    void aFileHasItsFieldsInTheOrderOfRestic() {
        var attributes = new Attributes(
                04755,
                TIME,
                TIME.plusSeconds(1),
                TIME.minusNanos(1),
                1000,
                0,
                "ann",
                "",
                -1,
                7,
                2,
                List.of(new ExtendedAttribute("user.a", ByteString.of("b"))));
        assertThat(json(new Node(ByteString.of("f"), new Node.File(3, List.of(ID)), attributes)))
                .isEqualTo("{\"name\":\"f\",\"type\":\"file\",\"mode\":8389101,\"mtime\":\"2026-11-20T21:36:31.27Z\","
                        + "\"atime\":\"2026-11-20T21:36:32.27Z\",\"ctime\":\"2026-11-20T21:36:31.269999999Z\","
                        + "\"uid\":1000,\"gid\":0,\"user\":\"ann\",\"inode\":18446744073709551615,\"device_id\":7,"
                        + "\"size\":3,\"links\":2,\"extended_attributes\":[{\"name\":\"user.a\",\"value\":\"Yg==\"}],"
                        + "\"content\":[\"" + ID + "\"]}");
    }

    @Test
    void theModesAreThoseOfTheFormatText() {
        assertThat(json(new Node(ByteString.of("d"), new Node.Directory(ID), Attributes.of(0755, TIME))))
                .contains("\"mode\":2147484141,")
                .endsWith("\"content\":null,\"subtree\":\"" + ID + "\"}");
        assertThat(json(new Node(ByteString.of("l"), new Node.Symlink(ByteString.of("t")), Attributes.of(0777, TIME))))
                .contains("\"mode\":134218239,", "\"linktarget\":\"t\",\"content\":null}");
        assertThat(json(new Node(ByteString.of("e"), new Node.File(0, List.of()), Attributes.of(0644, TIME))))
                .contains("\"mode\":420,")
                .endsWith("\"content\":[]}");
    }

    @Test
    void everyKindComesBack() {
        var attributes = Attributes.of(07777, TIME);
        var nodes = List.of(
                new Node(ByteString.of("a"), new Node.File(3, List.of(ID, ID)), attributes),
                new Node(ByteString.of("b"), new Node.Directory(ID), attributes),
                new Node(ByteString.of("c"), new Node.Symlink(ByteString.of(new byte[] {(byte) 0xFF})), attributes),
                new Node(ByteString.of("d"), new Node.Device(true, -2), attributes),
                new Node(ByteString.of("e"), new Node.Device(false, 5), attributes),
                new Node(ByteString.of("f"), new Node.Fifo(), attributes),
                new Node(ByteString.of("g"), new Node.Socket(), attributes));
        var tree = TreeJson.join(nodes.stream().map(TreeJson::encode).toList());
        assertThat(TreeJson.decode(tree)).isEqualTo(nodes);
    }

    @Test
    void anEmptyTreeIsWrittenAsResticDoes() {
        assertThat(new String(TreeJson.join(List.of()), StandardCharsets.UTF_8)).isEqualTo("{\"nodes\":[]}\n");
    }

    @Test
    void aFileThatIsLargerThanAnyIsDamage() {
        var largest = new Node(ByteString.of("f"), new Node.File(Long.MAX_VALUE, List.of()), Attributes.of(0, TIME));
        var json = json(largest);
        var larger = json.replace("9223372036854775807", "9223372036854775808");
        assertThat(TreeJson.decode(tree(json))).containsExactly(largest);
        assertThatThrownBy(() -> TreeJson.decode(tree(larger))).isInstanceOf(ResticException.Damaged.class);
    }

    private static byte[] tree(String node) {
        return TreeJson.join(List.of(node.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void namesOutOfOrderAreDamage() {
        var node = TreeJson.encode(new Node(ByteString.of("a"), new Node.Fifo(), Attributes.of(0, TIME)));
        assertThatThrownBy(() -> TreeJson.decode(TreeJson.join(List.of(node, node))))
                .isInstanceOf(ResticException.Damaged.class);
    }

    @Test
    void namesAreOrderedAsBytes() {
        assertThat(ByteString.of("\uFFFD")).isLessThan(ByteString.of("😀"));
    }

    @Test
    void onlyOnePathElementIsAFileName() {
        for (var bad : List.of("", ".", "..", "a/b", "/", "a\0")) {
            assertThat(ByteString.of(bad).isFileName()).as(bad).isFalse();
        }
        for (var good : List.of("a", "...", ".a", "..a", "\\", "\n")) {
            assertThat(ByteString.of(good).isFileName()).as(good).isTrue();
        }
    }

    @Test
    void theFastParserOfTimesAgreesWithTheSlowOne() {
        for (var time : List.of(
                "2026-11-20T21:36:31Z",
                "2026-11-20T21:36:31.27Z",
                "0000-01-01T00:00:00.000000001Z",
                "9999-12-31T23:59:59.999999999Z",
                "1969-12-31T23:59:59.5Z",
                "2024-02-29T00:00:00.123456Z",
                "2026-11-20T21:36:31.27+01:00")) {
            assertThat(Times.parseInstant(time))
                    .as(time)
                    .isEqualTo(Times.parse(time).toInstant());
        }
        for (var bad : List.of(
                "",
                "Z",
                "2026-11-20T21:36:3Z",
                "2026-02-30T00:00:00Z",
                "2026-13-01T00:00:00Z",
                "2026-11-20T24:00:01Z",
                "2026-11-20T21:60:31Z",
                "2026-11-20T21:36:31:Z",
                "x026-11-20T21:36:31Z")) {
            assertThatThrownBy(() -> Times.parseInstant(bad)).as(bad).isInstanceOf(ResticException.Damaged.class);
        }
    }

    @Test
    void timesAreCanonical() {
        assertThat(Times.format(Instant.EPOCH)).isEqualTo("1970-01-01T00:00:00Z");
        assertThat(Times.format(Instant.parse("0001-01-01T00:00:00.000000001Z")))
                .isEqualTo("0001-01-01T00:00:00.000000001Z");
        assertThat(Times.format(Instant.MAX)).isEqualTo("9999-12-31T23:59:59.999999999Z");
        assertThat(Times.format(Times.parse("2020-02-03T04:05:06.5+02:00"))).isEqualTo("2020-02-03T04:05:06.5+02:00");
    }
}
