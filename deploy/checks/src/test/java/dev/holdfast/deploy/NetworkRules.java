package dev.holdfast.deploy;

import java.util.ArrayList;
import java.util.List;

/** What the network lets through. */
final class NetworkRules {

    private NetworkRules() {}

    /** Whether a policy without rules, for all pods, denies what no other policy names. */
    static boolean closed(Manifests manifests) {
        return manifests
                .kind("NetworkPolicy")
                .anyMatch(policy -> Json.members(policy, "spec.podSelector").isEmpty()
                        && Json.list(policy, "spec.policyTypes").size() == 2
                        && Json.list(policy, "spec.ingress").isEmpty()
                        && Json.list(policy, "spec.egress").isEmpty());
    }

    static List<String> faults(Manifests manifests) {
        var faults = new ArrayList<String>();
        if (!closed(manifests)) faults.add("the network lets through what no policy names");
        manifests.kind("NetworkPolicy").forEach(policy -> {
            var title = Manifests.title(policy);
            for (var rule : Json.list(policy, "spec.egress")) {
                if (Json.list(rule, "to").isEmpty()) faults.add(title + ": lets pods out to everywhere");
                if (Json.list(rule, "ports").isEmpty()) faults.add(title + ": lets pods out at all ports");
                for (var target : Json.list(rule, "to")) {
                    var wide = Json.text(target, "ipBlock.cidr").equals("0.0.0.0/0");
                    var spared = Json.list(target, "ipBlock.except").stream()
                            .anyMatch(except -> except.getAsString().equals("169.254.0.0/16"));
                    if (wide && !spared) faults.add(title + ": lets pods ask the node for its credentials");
                }
            }
            for (var rule : Json.list(policy, "spec.ingress")) {
                if (Json.list(rule, "ports").isEmpty()) faults.add(title + ": lets others in at all ports");
            }
            if (Json.list(policy, "spec.policyTypes").isEmpty()) faults.add(title + ": has no policyTypes");
        });
        return faults;
    }
}
