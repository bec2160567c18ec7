/** The fields of a request that went well, in their order, as the load balancer writes them between the quotes. */
const ordinary = {
  type: 'https',
  time: '2026-11-21T08:00:00.186641Z',
  elb: 'app/load-balancer-test1/50dc6c495c0c9188',
  client: '192.0.2.10:2817',
  target: '10.0.0.1:3000',
  request_processing_time: '0.086',
  target_processing_time: '0.048',
  response_processing_time: '0.037',
  elb_status_code: '200',
  target_status_code: '201',
  received_bytes: '34',
  sent_bytes: '366',
  request: 'GET https://pay.example.com:443/api/v1/payments HTTP/1.1',
  user_agent: 'curl/8.4.0',
  ssl_cipher: 'ECDHE-RSA-AES128-GCM-SHA256',
  ssl_protocol: 'TLSv1.2',
  target_group_arn: 'arn:aws:elasticloadbalancing:eu-south-2:111122223333:targetgroup/blue/73e2d6bc24d8a067',
  trace_id: 'Root=1-58337281-1d84f3d73c47ec4e58577259',
  domain_name: 'pay.example.com',
  chosen_cert_arn: 'arn:aws:acm:eu-south-2:111122223333:certificate/12345678-1234-1234-1234-123456789012',
  matched_rule_priority: '1',
  request_creation_time: '2026-11-21T07:59:59.364000Z',
  actions_executed: 'forward',
  redirect_url: '-',
  error_reason: '-',
  target_port_list: '10.0.0.1:3000',
  target_status_code_list: '201',
  classification: '-',
  classification_reason: '-',
  conn_trace_id: 'TID_1234abcd5678ef90',
};

const quoted: ReadonlySet<string> = new Set([
  'request',
  'user_agent',
  'trace_id',
  'domain_name',
  'chosen_cert_arn',
  'actions_executed',
  'redirect_url',
  'error_reason',
  'target_port_list',
  'target_status_code_list',
  'classification',
  'classification_reason',
]);

/** One line of an access log, where `fields` differ from those of an ordinary request. */
export function accessLogLine(fields: Partial<Record<keyof typeof ordinary, string>> = {}): string {
  return Object.entries({ ...ordinary, ...fields })
    .map(([name, value]) => (quoted.has(name) ? `"${value}"` : value))
    .join(' ');
}
