package dev.holdfast.ingest.deadletters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.ingest.http.ProblemException;
import dev.holdfast.ingest.http.QueryParameter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PageRequestTest {

    @Test
    void pageHasFiftyLettersUnlessToldOtherwise() {
        assertThat(PageRequest.parse("quick", null, null))
                .isEqualTo(new PageRequest(Origin.QUICK, 50, Optional.empty()));
        assertThat(PageRequest.parse("bulk", "1", null).limit()).isEqualTo(1);
        assertThat(PageRequest.parse("bulk", "100", null).limit()).isEqualTo(100);
    }

    @Test
    void cursorLeadsBackToItsPosition() {
        var cursor = QueryParameter.cursor("1795600000000#m-1");

        assertThat(PageRequest.parse("events", null, cursor).below()).contains("1795600000000#m-1");
    }

    @Test
    void whatIsOutOfFormIsRefused() {
        refused(null, null, null);
        refused("slow", null, null);
        refused("quick", "0", null);
        refused("quick", "101", null);
        refused("quick", "ten", null);
        refused("quick", null, "?");
        refused("quick", null, QueryParameter.cursor("A"));
    }

    private static void refused(@Nullable String lane, @Nullable String limit, @Nullable String cursor) {
        assertThatThrownBy(() -> PageRequest.parse(lane, limit, cursor))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        problem -> assertThat(problem.status()).isEqualTo(422));
    }
}
