package dev.holdfast.tests.faults;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The faults that this kit does not bring about, each with the reason, so that nobody takes silence for a proof. */
class FaultsNotVerifiedIT {

    @Test
    @DisplayName("F17: a full disk")
    void diskIsFull() {
        tell("F17", "no handler but the backup's writes to disk, and a process cannot fill one without hurting others");
    }

    @Test
    @DisplayName("F22: 120,000 messages in flight")
    void messagesInFlight() {
        tell("F22", "the stand-in has no such limit; the reaction to the attribute is tested in FaultsLoadIT");
    }

    @Test
    @DisplayName("F23: a job longer than 12 hours")
    void jobOfHalfADay() {
        tell("F23", "nobody waits so long; JobRunnerIT moves the clock, and sees the fresh message");
    }

    @Test
    @DisplayName("F27: fair queues")
    void fairQueues() {
        tell(
                "F27",
                "the stand-in ignores MessageGroupId; the workers' own share for tenants is tested in FaultsLoadIT");
    }

    private static void tell(String fault, String why) {
        System.out.println("NOT VERIFIED: " + fault + " because " + why);
    }
}
