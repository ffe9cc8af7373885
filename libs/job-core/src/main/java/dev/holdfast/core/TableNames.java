package dev.holdfast.core;

import java.util.List;

/** The names of Holdfast's tables. */
public record TableNames(String prefix) {

    /** All of them. */
    public List<String> all() {
        return List.of(jobs(), userData(), catalog(), notifications(), schedules(), access());
    }

    /** One item per job. */
    public String jobs() {
        return prefix + "jobs";
    }

    /** Registered users. */
    public String userData() {
        return prefix + "user_data";
    }

    /** Repositories, snapshots, uploads, dead letters. */
    public String catalog() {
        return prefix + "catalog";
    }

    /** One item per mail. */
    public String notifications() {
        return prefix + "notifications";
    }

    /** One item per schedule. */
    public String schedules() {
        return prefix + "schedules";
    }

    /** API keys and audit records. */
    public String access() {
        return prefix + "access";
    }
}
