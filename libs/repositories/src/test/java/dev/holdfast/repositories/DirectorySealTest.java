package dev.holdfast.repositories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.restic.Environment;
import dev.holdfast.restic.crypto.KeySet;
import dev.holdfast.restic.format.Attributes;
import dev.holdfast.restic.format.Attributes.ExtendedAttribute;
import dev.holdfast.restic.format.ByteString;
import dev.holdfast.restic.format.Id;
import dev.holdfast.restic.format.Node;
import dev.holdfast.restic.format.ResticException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DirectorySealTest {

    private static final Instant TIME = Instant.parse("2026-11-20T21:36:31.270Z");
    private static final Id TREE = Id.hashOf(new byte[0]);
    private static final Id OTHER = Id.hashOf(new byte[1]);

    private final DirectorySeal seal = seal();

    private static DirectorySeal seal() {
        return new DirectorySeal(KeySet.random(new SecureRandom()), Environment.ofThisProcess());
    }

    @Test
    void whatIsShownComesBackAndNothingElse() {
        var odd = ByteString.of(new byte[] {(byte) 0xff, '"', '\n'});
        var secret = new ExtendedAttribute("user.secret", ByteString.of("x"));
        var attributes = new Attributes(0640, TIME, TIME, TIME, 7, 7, "ada", "ada", 9, 9, 1, List.of(secret));

        var opened = seal.open(
                TREE,
                seal.seal(
                        TREE,
                        List.of(
                                new Node(ByteString.of("a"), new Node.File(5, List.of(OTHER)), attributes),
                                new Node(ByteString.of("b"), new Node.Directory(OTHER), attributes),
                                new Node(odd, new Node.Fifo(), attributes))));

        var shown = Attributes.of(0, TIME);
        assertThat(opened).hasSize(3);
        assertThat(opened).extracting(Node::name).containsExactly(ByteString.of("a"), ByteString.of("b"), odd);
        assertThat(opened.get(0).kind()).isEqualTo(new Node.File(5, List.of()));
        assertThat(opened.get(1).kind()).isEqualTo(new Node.Directory(OTHER));
        assertThat(opened).allSatisfy(node -> {
            assertThat(node.attributes().modified()).isEqualTo(TIME);
            assertThat(node.attributes().extended()).isEmpty();
            assertThat(node.attributes().user()).isEqualTo(shown.user());
            assertThat(node.attributes().permissions()).isZero();
        });
    }

    @Test
    void emptyDirectoryIsOnePart() {
        var parts = seal.seal(TREE, List.of());

        assertThat(parts).hasSize(1);
        assertThat(seal.open(TREE, parts)).isEmpty();
    }

    @Test
    void largeDirectoryIsSealedInPartsThatATableTakes() {
        var nodes = files(10_000);

        var parts = seal.seal(TREE, nodes);

        assertThat(parts).hasSizeBetween(5, 10);
        assertThat(parts).allSatisfy(part -> assertThat(part.length).isLessThan(400_000));
        assertThat(parts.stream().mapToInt(part -> part.length).sum()).isLessThan(10_000 * 50);
        assertThat(seal.open(TREE, parts)).extracting(Node::name).isEqualTo(names(nodes));
    }

    @Test
    void anotherDirectoryAnotherOrderOrAnotherKeyIsRefused() {
        var parts = seal.seal(TREE, files(3_000));
        assertThat(parts).hasSizeGreaterThan(1);

        assertDamaged(() -> seal.open(OTHER, parts));
        assertDamaged(() -> seal.open(TREE, parts.reversed()));
        assertDamaged(() -> seal.open(TREE, parts.subList(0, 1)));
        assertDamaged(() -> seal().open(TREE, parts));
        var changed = new ArrayList<>(parts);
        changed.set(0, changed.getFirst().clone());
        changed.getFirst()[60] ^= 1;
        assertDamaged(() -> seal.open(TREE, changed));
    }

    private static void assertDamaged(Runnable opening) {
        assertThatThrownBy(opening::run).isInstanceOf(ResticException.Damaged.class);
    }

    private static List<ByteString> names(List<Node> nodes) {
        return nodes.stream().map(Node::name).toList();
    }

    private static List<Node> files(int count) {
        return IntStream.range(0, count)
                .mapToObj(number -> new Node(
                        ByteString.of(String.format(Locale.ROOT, "IMG_%06d.jpeg", number)),
                        new Node.File(1_000_000L + (number * 7_919L) % 900_000, List.of(OTHER)),
                        Attributes.of(0644, TIME.plusSeconds(number * 37L))))
                .toList();
    }
}
