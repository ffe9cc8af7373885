package dev.holdfast.notify.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EndpointsTest {

    private final Endpoints endpoints = new Endpoints(new PatienceTest.Config()); // 4 slots for each

    @Test
    void endpointHasItsSlotsAndNoMore() {
        for (var i = 0; i < 4; i++) assertThat(endpoints.enter("a")).isTrue();

        assertThat(endpoints.enter("a")).isFalse();
        assertThat(endpoints.enter("b")).isTrue();
        endpoints.leave("a");
        assertThat(endpoints.enter("a")).isTrue();
    }

    @Test
    void endpointThatKeepsFailingHasOneSlotUntilItTakesACall() {
        for (var i = 0; i < 3; i++) call(false);

        assertThat(endpoints.enter("a")).isTrue();
        assertThat(endpoints.enter("a")).isFalse();
        endpoints.answered("a", true);
        endpoints.leave("a");
        assertThat(endpoints.enter("a")).isTrue();
        assertThat(endpoints.enter("a")).isTrue();
    }

    private void call(boolean well) {
        endpoints.enter("a");
        endpoints.answered("a", well);
        endpoints.leave("a");
    }
}
