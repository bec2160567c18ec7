import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';

/**
 * One line for each request, as JSON: who, what, how it ended, how long it took. No body, no address, no key: ids and patterns only.
 *
 * `requestId` is the correlation id in the API's log where the client sends none of its own, and stands beside it there where it does.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-variables-for-access-logging.html
 */
export const accessLogFormat = AccessLogFormat.custom(
  JSON.stringify({
    requestId: '$context.requestId',
    traceId: '$context.xrayTraceId',
    time: '$context.requestTime',
    method: '$context.httpMethod',
    route: '$context.resourcePath',
    status: '$context.status',
    refusedFor: '$context.error.responseType',
    webAcl: '$context.waf.status',
    latencyMilliseconds: '$context.responseLatency',
    apiLatencyMilliseconds: '$context.integration.latency',
    apiStatus: '$context.integration.status',
    apiKeyId: '$context.identity.apiKeyId',
    clientSubject: '$context.identity.clientCert.subjectDN',
    clientSerial: '$context.identity.clientCert.serialNumber',
    sourceAddress: '$context.identity.sourceIp',
    tlsVersion: '$context.tlsVersion',
  }),
);
