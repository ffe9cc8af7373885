package dev.holdfast.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class UpcastsTest {

    /** Version 2 has a full name, version 3 a list of addresses. */
    private static final Upcasts UPCASTS = new Upcasts(List.of(
            payload -> payload.put(
                    "name",
                    payload.remove("first").asText() + " "
                            + payload.remove("last").asText()),
            payload -> payload.putArray("emails").add(payload.remove("email"))));

    @Test
    void olderPayloadsAreBroughtUpToDate() {
        var current = """
                {"name":"Ada Lovelace","emails":["ada@example.org"]}""";

        assertThat(UPCASTS.apply("""
                {"first": "Ada", "last": "Lovelace", "email": "ada@example.org"}""", 1)).isEqualTo(current);
        assertThat(UPCASTS.apply("""
                {"name": "Ada Lovelace", "email": "ada@example.org"}""", 2)).isEqualTo(current);
        assertThat(UPCASTS.apply(current, 3)).isEqualTo(current);
        assertThat(UPCASTS.version()).isEqualTo(3);
    }

    @Test
    void versionsThatAreNotKnownAreRefused() {
        for (var version : new int[] {0, 4}) {
            assertThatThrownBy(() -> UPCASTS.apply("{}", version))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("known are 1 to 3");
        }
    }

    /** A version needs a stored sample; all samples of a type say the same. */
    @ParameterizedTest
    @EnumSource
    void samplesOfAllVersionsAreRead(JobType type) throws IOException {
        var current = type.read(sample(type, type.version()), type.version());

        assertThat(current.type()).isEqualTo(type);
        for (var version = 1; version < type.version(); version++) {
            assertThat(type.read(sample(type, version), version)).isEqualTo(current);
        }
        assertThat(Stream.of(current.getClass().getRecordComponents()))
                .as("the sample uses every field")
                .allSatisfy(component -> assertThat(component.getAccessor().invoke(current))
                        .isNotIn(Arrays.asList(List.of(), Optional.empty())));
    }

    private static String sample(JobType type, int version) throws IOException {
        var name = "/payloads/" + type.wireName() + "-v" + version + ".json";
        try (var sample = UpcastsTest.class.getResourceAsStream(name)) {
            if (sample == null) throw new AssertionError("there is no sample " + name);
            return new String(sample.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
