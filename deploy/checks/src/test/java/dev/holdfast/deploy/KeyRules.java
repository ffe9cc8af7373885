package dev.holdfast.deploy;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Keys are rotated and do not go in a hurry; the one of repositories is for its two services alone. */
final class KeyRules {

    /** What the manifests set {@code HOLDFAST_REPOSITORIES_KMS_KEY} to. */
    static final String REPOSITORIES = "alias/holdfast-repositories";

    /** By which somebody opens what the key has wrapped, or lets others do so. */
    private static final Pattern USE =
            Pattern.compile("\\*|kms:(\\*|Encrypt|Decrypt|ReEncrypt.*|GenerateDataKey.*|CreateGrant)");

    private static final Map<String, String> USERS =
            Map.of("holdfast-ingest", "[kms:Decrypt, kms:Encrypt]", "holdfast-worker", "[kms:Decrypt]");

    private KeyRules() {}

    static void check(Plan plan, List<String> faults) {
        plan.type("aws_kms_key").forEach((address, key) -> {
            if (!Json.text(key, "enable_key_rotation").equals("true")) faults.add(address + " is never rotated");
            if (Json.number(key, "deletion_window_in_days") < 30) faults.add(address + " can be gone within days");
        });
        var alias = plan.planned().get("aws_kms_alias.repositories");
        if (alias == null || !Json.text(alias, "name").equals(REPOSITORIES)) {
            faults.add("no key of repositories is called " + REPOSITORIES);
        }
        var policy = plan.planned().get("aws_kms_key_policy.repositories");
        if (policy == null) {
            faults.add("nothing says who may use the key of repositories");
            return;
        }
        var users = new TreeMap<String, String>();
        PlanRules.statements(policy, "policy").forEach(statement -> {
            var uses = new TreeSet<>(PlanRules.texts(statement, "Action"));
            uses.removeIf(action -> !USE.matcher(action).matches());
            if (uses.isEmpty()) return;
            for (var who : PlanRules.texts(statement, "Principal.AWS")) {
                users.merge(who.replaceFirst(".*:(role/)?", ""), uses.toString(), String::concat);
            }
            for (var name : List.of("tenant", "repository")) {
                if (Json.text(statement, "Condition.StringLike.kms:EncryptionContext:" + name)
                        .isEmpty()) {
                    faults.add("the key of repositories can be used without naming a " + name);
                }
            }
        });
        if (!users.equals(USERS)) faults.add("the key of repositories is used by " + users + ", not by " + USERS);
    }
}
