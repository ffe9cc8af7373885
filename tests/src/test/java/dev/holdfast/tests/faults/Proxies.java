package dev.holdfast.tests.faults;

import dev.holdfast.local.AwsEndpoints;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The proxies of one process, one for each AWS service. */
record Proxies(FaultProxy sqs, FaultProxy dynamodb, FaultProxy s3, FaultProxy sesv2) implements AutoCloseable {

    /** Starts the proxies of the process of that name. */
    static Proxies before(String process, AwsEndpoints aws) {
        return new Proxies(
                FaultProxy.start(process, AwsService.SQS, aws.sqs()),
                FaultProxy.start(process, AwsService.DYNAMODB, aws.dynamodb()),
                FaultProxy.start(process, AwsService.S3, aws.s3()),
                FaultProxy.start(process, AwsService.SESV2, aws.sesv2()));
    }

    /** The variables that send a process through these proxies. */
    Map<String, String> environment() {
        var variables = new LinkedHashMap<String, String>();
        variables.put(AwsService.SQS.endpointVariable(), sqs.url().toString());
        variables.put(AwsService.DYNAMODB.endpointVariable(), dynamodb.url().toString());
        variables.put(AwsService.S3.endpointVariable(), s3.url().toString());
        variables.put(AwsService.SESV2.endpointVariable(), sesv2.url().toString());
        return variables;
    }

    List<FaultProxy> all() {
        return List.of(sqs, dynamodb, s3, sesv2);
    }

    /** Lifts all rules. */
    void heal() {
        all().forEach(FaultProxy::heal);
    }

    @Override
    public void close() {
        all().forEach(FaultProxy::close);
    }
}
