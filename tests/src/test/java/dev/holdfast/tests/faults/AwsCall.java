package dev.holdfast.tests.faults;

/** A request that a process has made, and what it asks for. */
record AwsCall(AwsService service, String action, HttpMessage request) {

    static AwsCall of(AwsService service, HttpMessage request) {
        return new AwsCall(service, service.action(request), request);
    }
}
