package dev.holdfast.deploy;

import java.util.ArrayList;
import java.util.List;

/** Manifests and Terraform speak of the same roles, queues, keys, accounts and bucket. */
final class NameRules {

    private static final String ROLE = "metadata.annotations.eks\\.amazonaws\\.com/role-arn";

    private NameRules() {}

    static List<String> faults(Manifests manifests) {
        var faults = new ArrayList<String>();
        if (!manifests.production()) return faults;
        manifests.kind("ServiceAccount").forEach(account -> {
            var name = Json.text(account, "metadata.name");
            var role = Json.text(account, ROLE);
            if (manifests.overlay().equals("prod-irsa") && !role.matches("arn:aws:iam::\\d{12}:role/" + name)) {
                faults.add(Manifests.title(account) + ": has not the role " + name + ", but '" + role + "'");
            }
            if (manifests.overlay().equals("prod-pod-identity") && !role.isEmpty()) {
                faults.add(Manifests.title(account) + ": names a role, which Pod Identity does not heed");
            }
            var part = name.replaceFirst("^holdfast-", "");
            if (!Permissions.ofTerraform().containsKey(part)) {
                faults.add(Manifests.title(account) + ": Terraform makes no role for " + part);
            }
        });
        manifests.kind("TriggerAuthentication").forEach(authentication -> {
            var role = Json.text(authentication, "spec.podIdentity.roleArn");
            if (!role.endsWith(":role/holdfast-keda")) {
                faults.add(Manifests.title(authentication) + ": takes the role " + role + ", not holdfast-keda");
            }
        });
        manifests.services().forEach(service -> {
            var environment = manifests.environment(service);
            if (!environment.getOrDefault("HOLDFAST_RESOURCES_PROVISION", "").equals("false")) {
                faults.add(Manifests.title(service) + ": would make its resources itself");
            }
            if (environment.keySet().stream().anyMatch(name -> name.startsWith("AWS_ENDPOINT_URL"))) {
                faults.add(Manifests.title(service) + ": does not speak to AWS");
            }
            if (!Json.text(service, "metadata.name").equals("notify")
                    && !environment
                            .getOrDefault("HOLDFAST_REPOSITORIES_KMS_KEY", "")
                            .equals(KeyRules.REPOSITORIES)) {
                faults.add(Manifests.title(service) + ": has not the key of repositories, " + KeyRules.REPOSITORIES);
            }
        });
        return faults;
    }
}
