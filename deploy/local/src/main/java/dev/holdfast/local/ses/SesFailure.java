package dev.holdfast.local.ses;

/** An answer in the form of an AWS error. */
final class SesFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String type;

    private SesFailure(int status, String type, String message) {
        super(message);
        this.status = status;
        this.type = type;
    }

    static SesFailure badRequest(String message) {
        return new SesFailure(400, "BadRequestException", message);
    }

    static SesFailure invalidParameter(String message) {
        return new SesFailure(400, "InvalidParameter", message);
    }

    static SesFailure rejected(String message) {
        return new SesFailure(400, "MessageRejected", message);
    }

    static SesFailure notFound(String message) {
        return new SesFailure(404, "NotFoundException", message);
    }

    static SesFailure throttled(String message) {
        return new SesFailure(429, "TooManyRequestsException", message);
    }

    static SesFailure paused(String message) {
        return new SesFailure(400, "SendingPausedException", message);
    }

    static SesFailure unavailable(String message) {
        return new SesFailure(500, "InternalServiceErrorException", message);
    }

    int status() {
        return status;
    }

    String type() {
        return type;
    }
}
