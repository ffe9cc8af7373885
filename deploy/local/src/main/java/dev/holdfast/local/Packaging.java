package dev.holdfast.local;

/** In which form a service is started. */
public enum Packaging {
    /** The jars, and nothing that was prepared for them. */
    PLAIN,
    /** The jars with the {@link AotCache} that a training left; {@link #PLAIN} where there is none that fits. */
    CACHED,
    /** The jars; when the first process of a service ends it leaves an AOT cache, which takes it some seconds. */
    TRAINING,
    /** The native executable. */
    NATIVE
}
