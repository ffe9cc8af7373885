package dev.holdfast.restic.format;

import java.io.IOException;

/** Everything that can go wrong with a repository, by name. The message says which object. */
public abstract sealed class ResticException extends RuntimeException {
    private ResticException(String message) {
        super(message);
    }

    private ResticException(String message, Throwable cause) {
        super(message, cause);
    }

    /** An object is not what the format or its name says: truncated, changed, or not made by a correct program. */
    public static final class Damaged extends ResticException {
        public Damaged(String what) {
            super(what);
        }

        public Damaged(String what, Throwable cause) {
            super(what, cause);
        }
    }

    /** An object, or a length inside one, is larger than a reader should believe (see {@link Limits}). */
    public static final class TooLarge extends ResticException {
        public TooLarge(String what, long size, long limit) {
            super(what + ": " + size + " is over the limit of " + limit);
        }
    }

    /** Something that is referred to does not exist: a blob in no index, a snapshot, a file that was deleted. */
    public static final class Missing extends ResticException {
        public Missing(String what) {
            super(what);
        }
    }

    /** There are keys, but none that this password opens. */
    public static final class WrongPassword extends ResticException {
        public WrongPassword() {
            super("no key of this repository opens with this password");
        }
    }

    /** There is no repository, or one of another version. */
    public static final class NotARepository extends ResticException {
        public NotARepository(String why) {
            super(why);
        }
    }

    /** There is already a repository at the place of a new one. */
    public static final class AlreadyExists extends ResticException {
        public AlreadyExists() {
            super("there is already a repository here");
        }
    }

    /** Another process holds a lock that does not go together with the wanted one. */
    public static final class Locked extends ResticException {
        public Locked(String by) {
            super("the repository is locked by " + by);
        }
    }

    /** Our own lock could not be refreshed for too long, so nothing more may be written. */
    public static final class LockLost extends ResticException {
        public LockLost(String why) {
            super(why);
        }
    }

    /** The operation was cancelled; what it stored so far is harmless. */
    public static final class Cancelled extends ResticException {
        public Cancelled() {
            super("cancelled");
        }
    }

    /** The storage, or the place restored to, failed. Trying the operation again may help. */
    public static final class StorageFailed extends ResticException {
        public StorageFailed(String doing, IOException cause) {
            super(doing + ": " + cause, cause);
        }
    }
}
