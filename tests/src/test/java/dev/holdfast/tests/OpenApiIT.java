package dev.holdfast.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

class OpenApiIT {

    @Test
    void checkedInCopyIsWhatTheServiceShows() throws IOException {
        var copy = Cloud.CHECKOUT.root().resolve("docs/openapi.yaml");

        var shown = House.shared().api.get("/openapi").response().body();
        Files.writeString(Cloud.CHECKOUT.root().resolve("tests/target/openapi.yaml"), shown);

        assertThat(Files.readString(copy))
                .as("docs/openapi.yaml; copy tests/target/openapi.yaml over it if the change is meant")
                .isEqualTo(shown);
    }
}
