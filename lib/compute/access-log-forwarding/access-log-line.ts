import { batchLimits, type LogEvent, sizeOf } from './log-event-batches';
import { redactHost, redactText, redactUrl } from './redaction';

/** One line as an event, or why it is none. The reason names a field and never its value, which may hold anything. */
export type ParsedLine = { readonly event: LogEvent } | { readonly problem: string };

type Fields = Readonly<Record<string, string | number | readonly string[]>>;
/** Reads one field that is not `-`. @throws Malformed */
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
    if (!/^-?\d+(?:\.\d+)?$/.test(value)) throw new Malformed(`${name} is no number`);
    return { [name]: Number(value) };
  };

/** -1 stands for a request that never got so far, and would spoil every average. */
const seconds =
  (name: string): Column =>
  (value) =>
    value === '-1' ? {} : number(name)(value);

const moment =
  (name: string): Column =>
  (value) => {
    if (Number.isNaN(timestampOf(value))) throw new Malformed(`${name} is no time of ISO 8601`);
    return { [name]: value };
  };

/** Address and port; an IPv6 address may stand in brackets, and has colons of its own either way. */
const endpoint =
  (name: string): Column =>
  (value) => {
    const [, bracketed, bare, port] = /^(?:\[([\da-f:.]+)\]|([\da-f:.]+)):(\d{1,5})$/i.exec(value) ?? [];
    const address = bracketed ?? bare;
    if (address === undefined) throw new Malformed(`${name} is no address with a port`);
    return { [`${name}_ip`]: address, [`${name}_port`]: Number(port) };
  };

/** Method, URL and version; a URL may hold spaces when the client sent it so. Requests that were no HTTP have `-` for each part. */
const request: Column = (value) => {
  const [, verb, target, protocol] = /^(\S+) (.*) (\S+)$/s.exec(value) ?? [];
  if (verb === undefined || target === undefined || protocol === undefined) {
    throw new Malformed('request is no method, URL and version');
  }
  const { url: redacted, queryParameters } = redactUrl(target);
  return {
    ...(verb !== '-' && { request_verb: redactText(verb) }),
    ...(redacted !== '-' && { request_url: redacted }),
    ...(queryParameters.length > 0 && { request_query_parameters: queryParameters }),
    ...(protocol !== '-' && { request_protocol: redactText(protocol) }),
  };
};

/** A client may send this header with fields of its own; the load balancer's are kept. */
const trace: Column = (value) => ({
  trace_id: /^(?:(?:Self|Root)=1-[\da-f]{8}-[\da-f]{24};?)+$/.test(value) ? value : redactText(value),
});

/** The fields in their order; each is named as AWS names it. */
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

/** Up to `classification_reason`; what follows was added later, and not everywhere at once. */
const requiredColumns = 29;

/** A field in quotes, where a backslash takes the meaning from the next character, or one without. */
const field = /"((?:\\.|[^"\\])*)"(?= |$)|([^ "][^ ]*)/y;

/**
 * Reads one line of an access log of an Application Load Balancer.
 *
 * `-` stands for no value, and the event leaves the field out. Bytes that are no printable text stay as the load balancer wrote them
 * (`\x0a`). Fields at the end that this version does not know are left out, as AWS asks of readers.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html
 */
export function parseAccessLogLine(line: string): ParsedLine {
  try {
    const values = split(line);
    if (values.length < requiredColumns) {
      throw new Malformed(`it has ${values.length} fields, but at least ${requiredColumns} are expected`);
    }
    const fields = columns.map((read, index) => {
      const value = values[index] ?? '-';
      return value === '-' || value === '' ? {} : read(value);
    });
    const event = { timestamp: timestampOf(values[1] ?? ''), message: JSON.stringify(Object.assign({}, ...fields)) };
    if (Number.isNaN(event.timestamp)) throw new Malformed('time is missing');
    if (sizeOf(event) > batchLimits.eventBytes) throw new Malformed('it is longer than CloudWatch Logs takes');
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
    if (all === undefined) throw new Malformed(`field ${values.length + 1} is empty or its quotes do not end`);
    values.push(quoted === undefined ? (bare ?? '') : quoted.replace(/\\(["\\])/g, '$1'));
    // One space between fields.
    position += all.length + 1;
  }
  return values;
}

/** Milliseconds since 1970 of a time of ISO 8601 in UTC; NaN for anything else. */
function timestampOf(value: string): number {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/.test(value) ? Date.parse(value) : NaN;
}
