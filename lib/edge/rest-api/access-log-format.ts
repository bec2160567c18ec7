import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';

/**
 * The access log format: one JSON line per request, without bodies, resource ids or key values.
 *
 * `requestId` is also the correlation id in the log of the API, unless the client sends its own; then that log contains both.
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
