package dev.holdfast.testing;

import dev.holdfast.testing.Scenario.AtStep;
import dev.holdfast.testing.Scenario.DuplicateAfterwards;
import dev.holdfast.testing.Scenario.DuplicateAtOnce;
import java.util.ArrayList;
import java.util.List;

/**
 * Compares the job of a trial with the undisturbed one.
 *
 * @param endings how the job stood each time when something of it had ended: the run that took it over, the one that
 *     was replaced, the duplicate. Once it has ended, nothing may change any more
 */
record Judgement(Subject subject, Ending undisturbed, Scenario scenario, List<Ending> endings) {

    List<String> violations() {
        var violations = new ArrayList<String>();
        end(violations);
        effects(violations);
        attempts(violations);
        return violations;
    }

    private void end(List<String> violations) {
        var job = endings.getLast().job();
        if (job.state() != undisturbed.job().state()) {
            var why = job.error()
                    .map(error -> " (" + error.code() + ": " + error.message() + ")")
                    .orElse("");
            violations.add("the job is " + job.state() + why + ", undisturbed "
                    + undisturbed.job().state());
        }
        var ends =
                job.history().stream().filter(entry -> entry.state().isFinal()).count();
        if (ends > 1) violations.add("the job ended " + ends + " times");
        if (endings.stream().anyMatch(ending -> !ending.job().equals(job))) {
            violations.add("the job changed after it had ended");
        }
    }

    private void effects(List<String> violations) {
        var effects = endings.getLast().effects();
        if (!subject.single().test(undisturbed.effects(), effects)) {
            violations.add("%d effects, undisturbed %d: %s"
                    .formatted(effects.size(), undisturbed.effects().size(), effects));
        }
        endings.stream()
                .map(Ending::effects)
                .filter(before -> !before.equals(effects))
                .findFirst()
                .ifPresent(before ->
                        violations.add("effects changed after the job had ended: " + before + ", then " + effects));
    }

    private void attempts(List<String> violations) {
        var spent = endings.getLast().job().attempt() - undisturbed.job().attempt();
        if (spent > allowed()) violations.add(spent + " more attempts spent than undisturbed");
    }

    /** Only failures cost an attempt: neither silence, nor a duplicate, nor a throttle. */
    private int allowed() {
        return switch (scenario) {
            case DuplicateAfterwards(), DuplicateAtOnce() -> 0;
            case AtStep step ->
                switch (step.fault()) {
                    case EXPIRY, KILL_BEFORE, KILL_AFTER, THROTTLE, REPEAT -> 0;
                    case RESET, LOST_ANSWER -> 1;
                };
        };
    }
}
