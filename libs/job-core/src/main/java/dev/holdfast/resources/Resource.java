package dev.holdfast.resources;

/** A queue, a table or a bucket that a service needs. */
public interface Resource {

    /** What people call it, such as {@code table holdfast-jobs}. */
    String describe();

    /** Makes it, unless it is there; returns when it can be used. Safe to call from several services at once. */
    void provision();

    /**
     * Whether it is there. Throws an {@link software.amazon.awssdk.core.exception.SdkException} if that is not known.
     */
    boolean exists();
}
