package dev.holdfast.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

class ManifestsTest {

    static final List<String> OVERLAYS = Manifests.OVERLAYS;

    @ParameterizedTest
    @FieldSource("OVERLAYS")
    void overlayKeepsAllRules(String overlay) {
        assertThat(faults(Manifests.of(overlay))).isEmpty();
    }

    @ParameterizedTest
    @FieldSource("OVERLAYS")
    void overlayHasTheFourServices(String overlay) {
        assertThat(Manifests.of(overlay).services().map(Manifests::title))
                .containsExactlyInAnyOrder(
                        "Deployment/ingest", "Deployment/notify", "Deployment/worker-bulk", "Deployment/worker-quick");
    }

    @Test
    void productionDiffersInIdentityOnly() {
        var irsa = Manifests.of("prod-irsa");
        var podIdentity = Manifests.of("prod-pod-identity");

        assertThat(podIdentity.kind("Deployment").toList())
                .isEqualTo(irsa.kind("Deployment").toList());
        assertThat(podIdentity.kind("ScaledObject").toList())
                .isEqualTo(irsa.kind("ScaledObject").toList());
    }

    /** A change that somebody may make, and a part of what the rules say to it. */
    record Change(String what, String manifest, String path, Object value, String fault) {
        @Override
        public String toString() {
            return what;
        }
    }

    private static final Object GONE = "(taken away)";

    static Stream<Change> wrongChanges() {
        var pod = "spec.template.spec.";
        var container = pod + "containers.0.";
        var trigger = "spec.triggers.0.metadata.";
        return Stream.of(
                new Change(
                        "grace period shorter than the drain",
                        "Deployment/worker-bulk",
                        pod + "terminationGracePeriodSeconds",
                        600,
                        "has a grace of 600 s"),
                new Change(
                        "another lane's queue in a trigger",
                        "ScaledObject/worker-quick",
                        trigger + "queueURL",
                        "https://sqs.eu-central-1.amazonaws.com/111122223333/holdfast-bulk",
                        "its pods work on holdfast-quick"),
                new Change(
                        "misspelt field of KEDA",
                        "ScaledObject/worker-quick",
                        "spec.coolDownPeriod",
                        300,
                        "unknown field coolDownPeriod"),
                new Change(
                        "number in KEDA's metadata",
                        "ScaledObject/worker-quick",
                        trigger + "queueLength",
                        64,
                        "wrong value of triggers[].metadata.queueLength"),
                new Change(
                        "deprecated identityOwner",
                        "ScaledObject/worker-bulk",
                        trigger + "identityOwner",
                        "operator",
                        "identityOwner is deprecated"),
                new Change("no fallback", "ScaledObject/worker-bulk", "spec.fallback", GONE, "has no fallback"),
                new Change(
                        "messages in work do not count",
                        "ScaledObject/worker-bulk",
                        trigger + "scaleOnInFlight",
                        "false",
                        "does not count messages in work"),
                new Change(
                        "aws-eks identity",
                        "TriggerAuthentication/holdfast-queues",
                        "spec.podIdentity.provider",
                        "aws-eks",
                        "wrong value of podIdentity.provider"),
                new Change(
                        "replicas beside KEDA",
                        "Deployment/worker-quick",
                        "spec.replicas",
                        3,
                        "which sets replicas itself"),
                new Change(
                        "scaling a deployment that is not there",
                        "HorizontalPodAutoscaler/ingest",
                        "spec.scaleTargetRef.name",
                        "ingress",
                        "that is not there: ingress"),
                new Change("root", "Deployment/notify", pod + "securityContext.runAsNonRoot", false, "may run as root"),
                new Change(
                        "writable root",
                        "Deployment/ingest",
                        container + "securityContext.readOnlyRootFilesystem",
                        GONE,
                        "can write to its root"),
                new Change(
                        "capabilities kept",
                        "Deployment/ingest",
                        container + "securityContext.capabilities",
                        GONE,
                        "keeps capabilities"),
                new Change(
                        "no seccomp", "Deployment/ingest", pod + "securityContext.seccompProfile", GONE, "no seccomp"),
                new Change("image :latest", "Deployment/ingest", container + "image", "a/b:latest", "no fixed image"),
                new Change(
                        "no memory limit",
                        "Deployment/worker-bulk",
                        container + "resources.limits.memory",
                        GONE,
                        "has no resources.limits.memory"),
                new Change(
                        "no startup probe", "Deployment/notify", container + "startupProbe", GONE, "no startupProbe"),
                new Change(
                        "misspelt field of Kubernetes",
                        "Deployment/notify",
                        container + "readinessProb",
                        "x",
                        "readinessProb"),
                new Change("text for a number", "Deployment/notify", "spec.replicas", "two", "two"),
                new Change(
                        "misspelt setting",
                        "Deployment/worker-bulk",
                        container + "env.0.name",
                        "HOLDFAST_WORKER_LANE",
                        "sets HOLDFAST_WORKER_LANE, which no service reads"),
                new Change(
                        "secret in clear",
                        "Deployment/ingest",
                        container + "env.0",
                        Map.of("name", "HOLDFAST_ACCESS_BOOTSTRAP_KEY", "value", "hf_x"),
                        "has a secret in clear"),
                new Change(
                        "budget for other pods",
                        "PodDisruptionBudget/notify",
                        "spec.selector.matchLabels",
                        Map.of("app", "notify"),
                        "has no disruption budget"),
                new Change(
                        "update that takes pods away first",
                        "Deployment/ingest",
                        "spec.strategy.rollingUpdate.maxUnavailable",
                        1,
                        "loses pods before others are ready"),
                new Change(
                        "door closed before balancers know",
                        "Deployment/ingest",
                        container + "lifecycle",
                        GONE,
                        "closes its door before balancers know"),
                new Change(
                        "pods may ask the node",
                        "NetworkPolicy/names-and-aws",
                        "spec.egress.1.to.0.ipBlock.except",
                        GONE,
                        "ask the node for its credentials"),
                new Change(
                        "default policy for some pods only",
                        "NetworkPolicy/nothing-by-default",
                        "spec.podSelector",
                        Map.of("matchLabels", Map.of("app", "none")),
                        "lets through what no policy names"),
                new Change(
                        "role of another service",
                        "ServiceAccount/holdfast-notify",
                        "metadata.annotations.eks\\.amazonaws\\.com/role-arn",
                        "arn:aws:iam::111122223333:role/holdfast-worker",
                        "has not the role holdfast-notify"),
                new Change(
                        "another key for repositories",
                        "Deployment/ingest",
                        container + "env.0",
                        Map.of("name", "HOLDFAST_REPOSITORIES_KMS_KEY", "value", "alias/holdfast"),
                        "has not the key of repositories"),
                new Change(
                        "short polls",
                        "Deployment/worker-quick",
                        container + "env.0",
                        Map.of("name", "HOLDFAST_QUEUE_WAIT_TIME", "value", "5s"),
                        "polls for less than 20 s"),
                new Change(
                        "queueLength below the slots",
                        "ScaledObject/worker-quick",
                        trigger + "queueLength",
                        "5",
                        "is not 1 to 5 times the slots"));
    }

    @ParameterizedTest
    @MethodSource("wrongChanges")
    void wrongChangeIsCaught(Change change) {
        // given
        var manifests = Manifests.of("prod-irsa");
        var manifest = manifests.get(change.manifest());
        if (change.value().equals(GONE)) Json.remove(manifest, change.path());
        else Json.set(manifest, change.path(), change.value());

        // when
        var faults = faults(manifests);

        // then
        assertThat(faults).anyMatch(fault -> fault.contains(change.fault()));
    }

    private static List<String> faults(Manifests manifests) {
        var faults = new ArrayList<>(Schema.faults(manifests));
        faults.addAll(PodRules.faults(manifests));
        faults.addAll(NetworkRules.faults(manifests));
        faults.addAll(ScalingRules.faults(manifests));
        faults.addAll(NameRules.faults(manifests));
        return faults;
    }
}
