import { batchLimits, type LogEvent, sizeOf } from './log-event-batches';
import { redactHost, redactText, redactUrl } from './redaction';

/** The log event of one line, or the problem with it. A problem names the field but never its value, which may be secret. */
export type ParsedLine = { readonly event: LogEvent } | { readonly problem: string };

type Fields = Readonly<Record<string, string | number | readonly string[]>>;
/** Parses one field other than `-`. @throws Malformed */
type Column = (value: string) => Fields;

class Malformed extends Error {}

const text =
  (name: string): Column =>
  (value) => ({ [name]: value });

const fromClient =
  (name: string): Column =>
  (value) => ({ [name]: redactText(value) });

const host =
  (name: string): Column =>
  (value) => ({ [name]: redactHost(value) });

const url =
  (name: string): Column =>
  (value) => ({ [name]: redactUrl(value).url });

const number =
  (name: string): Column =>
  (value) => {
    if (!/^-?\d+(?:\.\d+)?$/.test(value)) throw new Malformed(`${name} is not a number`);
    return { [name]: Number(value) };
  };

/** -1 means that the request did not reach this phase. It is omitted, because it would distort averages. */
const seconds =
  (name: string): Column =>
  (value) =>
    value === '-1' ? {} : number(name)(value);

const moment =
  (name: string): Column =>
  (value) => {
    if (Number.isNaN(timestampOf(value))) throw new Malformed(`${name} is not an ISO 8601 time`);
    return { [name]: value };
  };

/** Address and port. An IPv6 address contains colons and may be in brackets. */
const endpoint =
  (name: string): Column =>
  (value) => {
    const [, bracketed, bare, port] = /^(?:\[([\da-f:.]+)\]|([\da-f:.]+)):(\d{1,5})$/i.exec(value) ?? [];
    const address = bracketed ?? bare;
    if (address === undefined) throw new Malformed(`${name} is not an address with a port`);
    return { [`${name}_ip`]: address, [`${name}_port`]: Number(port) };
  };

/** Method, URL and version. The URL may contain spaces. A request that is not HTTP has `-` for each part. */
const request: Column = (value) => {
  const [, verb, target, protocol] = /^(\S+) (.*) (\S+)$/s.exec(value) ?? [];
  if (verb === undefined || target === undefined || protocol === undefined) {
    throw new Malformed('request is not a method, URL and version');
  }
  const { url: redacted, queryParameters } = redactUrl(target);
  return {
    ...(verb !== '-' && { request_verb: redactText(verb) }),
    ...(redacted !== '-' && { request_url: redacted }),
    ...(queryParameters.length > 0 && { request_query_parameters: queryParameters }),
    ...(protocol !== '-' && { request_protocol: redactText(protocol) }),
  };
};

/** Clients may add fields to this header. Only the fields of the load balancer are kept. */
const trace: Column = (value) => ({
  trace_id: /^(?:(?:Self|Root)=1-[\da-f]{8}-[\da-f]{24};?)+$/.test(value) ? value : redactText(value),
});

/** The fields in order, under the names of AWS's documentation. */
const columns: readonly Column[] = [
  text('type'),
  moment('time'),
  text('elb'),
  endpoint('client'),
  endpoint('target'),
  seconds('request_processing_time'),
  seconds('target_processing_time'),
  seconds('response_processing_time'),
  number('elb_status_code'),
  number('target_status_code'),
  number('received_bytes'),
  number('sent_bytes'),
  request,
  fromClient('user_agent'),
  text('ssl_cipher'),
  text('ssl_protocol'),
  text('target_group_arn'),
  trace,
  host('domain_name'),
  text('chosen_cert_arn'),
  number('matched_rule_priority'),
  moment('request_creation_time'),
  text('actions_executed'),
  url('redirect_url'),
  text('error_reason'),
  text('target_port_list'),
  text('target_status_code_list'),
  text('classification'),
  text('classification_reason'),
  text('conn_trace_id'),
  host('transformed_host'),
  url('transformed_uri'),
  text('request_transform_status'),
];

/** Up to `classification_reason`. Later fields do not exist in every region yet. */
const requiredColumns = 29;

/** A field in quotes, with backslash escapes, or a field without quotes. */
const field = /"((?:\\.|[^"\\])*)"(?= |$)|([^ "][^ ]*)/y;

/**
 * Parses one line of an access log of an Application Load Balancer.
 *
 * A field with the value `-` is omitted. Unprintable bytes stay escaped as the load balancer wrote them (`\x0a`). Unknown fields at the
 * end are ignored, as AWS recommends.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html
 */
export function parseAccessLogLine(line: string): ParsedLine {
  try {
    const values = split(line);
    if (values.length < requiredColumns) {
      throw new Malformed(`the line has ${values.length} fields, fewer than ${requiredColumns}`);
    }
    const fields = columns.map((read, index) => {
      const value = values[index] ?? '-';
      return value === '-' || value === '' ? {} : read(value);
    });
    const event = { timestamp: timestampOf(values[1] ?? ''), message: JSON.stringify(Object.assign({}, ...fields)) };
    if (Number.isNaN(event.timestamp)) throw new Malformed('time is missing');
    if (sizeOf(event) > batchLimits.eventBytes) throw new Malformed('the line is longer than CloudWatch Logs accepts');
    return { event };
  } catch (error) {
    if (error instanceof Malformed) return { problem: error.message };
    throw error;
  }
}

function split(line: string): string[] {
  const values: string[] = [];
  let position = 0;
  while (position < line.length) {
    field.lastIndex = position;
    const match = field.exec(line);
    const [all, quoted, bare] = match ?? [];
    if (all === undefined) throw new Malformed(`field ${values.length + 1} is empty or has no closing quote`);
    values.push(quoted === undefined ? (bare ?? '') : quoted.replace(/\\(["\\])/g, '$1'));
    // One space between fields.
    position += all.length + 1;
  }
  return values;
}

/** Milliseconds since the Unix epoch of an ISO 8601 time in UTC; NaN for anything else. */
function timestampOf(value: string): number {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/.test(value) ? Date.parse(value) : NaN;
}
