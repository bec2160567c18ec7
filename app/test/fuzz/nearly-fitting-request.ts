import fc from 'fast-check';
import { gzipSync } from 'node:zlib';
import { anyJson, bodyChanges, hostileAddressParts, hostileHeaders, hostileNames } from './hostile-values.ts';

/** What the document says of a value, as far as fitting ones are made from it. */
interface ValueSchema {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly format?: string;
  readonly items?: ValueSchema;
}

/** What the document says of one method of one address. */
export interface FuzzedOperation {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly query: readonly string[];
  /** The query parameters without which a request is refused: times, each later than the one before. */
  readonly requiredTimes: readonly string[];
  /** The fields of the body; `undefined` when it takes none. */
  readonly fields: Readonly<Record<string, ValueSchema>> | undefined;
}

/** A request as it is sent. */
export interface FuzzedRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: string | Buffer | undefined;
}

/** What the parameters of an address may be, together: their values by name. */
export type Place = Readonly<Record<string, string>>;

/** Requests for an operation that fit but for about one thing; `places` exist. */
export function nearlyFittingRequest(
  operation: FuzzedOperation,
  places: readonly Place[],
): fc.Arbitrary<FuzzedRequest> {
  const { path, query, requiredTimes, fields } = operation;
  // Instead of the last parameter.
  const odd = fc.oneof(
    { weight: 5, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.uuid() },
    { weight: 1, arbitrary: fc.constantFrom(...hostileAddressParts) },
  );
  const parameter = fc.tuple(
    fc.constantFrom(...query, 'unknown', '__proto__', 'limit[]', 'metadata[order]', 'metadata[__proto__]'),
    fc.oneof(fc.constantFrom(...hostileAddressParts), fc.string({ unit: 'binary' }).map(encodeURIComponent)),
  );
  const search = fc
    .array(parameter, { maxLength: query.length > 0 ? 3 : 1 })
    .map((pairs) => pairs.map(([name, value]) => `${name}=${value}`));
  const times = requiredTimes.map((name, index) => `${name}=${2000 + index * 100}-01-01T00:00:00Z`);
  const required = fc.oneof({ weight: 3, arbitrary: fc.constant(times) }, { weight: 1, arbitrary: fc.constant([]) });
  return fc
    .record({
      place: fc.constantFrom(...places),
      odd,
      search: fc.oneof(
        { weight: query.length > 0 && times.length === 0 ? 0 : 6, arbitrary: fc.constant([]) },
        { weight: 1, arbitrary: search },
      ),
      required,
      headers: fc.oneof({ weight: 3, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: oneOddHeader }),
      body: fields ? nearlyFittingBody(fields) : fc.option(anyJson, { nil: undefined, freq: 5 }),
      zipped: fc.integer({ min: 0, max: 19 }).map((dice) => dice === 0),
    })
    .map(({ place, odd: last, search: asked, required: needed, headers, body, zipped }) => ({
      url:
        addressOf(last === undefined ? path : path.replace(/\{\w+\}(?=[^{]*$)/, () => last), place) +
        queryOf([...needed, ...asked]),
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(zipped && { 'content-encoding': 'gzip' }),
        ...headers,
      },
      payload: body !== undefined && zipped ? gzipSync(body) : body,
    }));
}

const queryOf = (pairs: readonly string[]) => (pairs.length === 0 ? '' : `?${pairs.join('&')}`);

function addressOf(path: string, place: Place): string {
  return path.replaceAll(/\{(\w+)\}/g, (parameter, name: string) => place[name] ?? parameter);
}

const oneOddHeader = fc
  .constantFrom(...Object.entries(hostileHeaders))
  .chain(([name, values]) => fc.constantFrom(...values).map((value): Record<string, string> => ({ [name]: value })));

/** The texts of bodies with the right fields, one of which may be wrong, missing, there twice, or unknown. */
function nearlyFittingBody(fields: Readonly<Record<string, ValueSchema>>): fc.Arbitrary<string | Buffer> {
  const fitting = fc
    .tuple(...Object.entries(fields).map(([name, schema]) => fittingJson(schema).map((json) => ({ name, json }))))
    .map((members) => [...members]);
  const names = [...Object.keys(fields), ...hostileNames];
  const odd = fc.record({
    name: fc.constantFrom(...names),
    json: anyJson,
    how: fc.constantFrom('replaced', 'replaced', 'twice', 'missing', 'fits', 'fits'),
  });
  const change = fc.oneof(
    { weight: 5, arbitrary: fc.constant('none' as const) },
    { weight: 1, arbitrary: fc.constantFrom(...(Object.keys(bodyChanges) as (keyof typeof bodyChanges)[])) },
  );
  return fc.tuple(fitting, odd, change).map(([members, { name, json, how }, changed]) => {
    const kept = how === 'replaced' || how === 'missing' ? members.filter((each) => each.name !== name) : members;
    const all = how === 'replaced' || how === 'twice' ? [...kept, { name, json }] : kept;
    const text = `{${all.map((each) => `${JSON.stringify(each.name)}:${each.json}`).join(',')}}`;
    return bodyChanges[changed](text);
  });
}

function fittingJson({ type, enum: choices, pattern, format, items, minimum = 0 }: ValueSchema): fc.Arbitrary<string> {
  if (items) return fc.uniqueArray(fittingJson(items), { minLength: 1 }).map((all) => `[${all.join(',')}]`);
  if (format === 'date-time')
    return fc
      .date({ min: new Date('2020-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
      .map((date) => JSON.stringify(date.toISOString()));
  if (format === 'uri') return fc.constantFrom('"https://shop.example/"', '"https://shop.example/hooks?a=b"');
  if (choices) return fc.constantFrom(...choices).map((each) => JSON.stringify(each));
  if (type === 'integer') return fc.integer({ min: minimum, max: 100 }).map(String);
  if (type === 'object')
    return fc
      .dictionary(fc.stringMatching(/^[A-Za-z]{1,8}$/), fc.stringMatching(/^[a-z0-9]{1,8}$/), { maxKeys: 3 })
      .map((each) => JSON.stringify(each));
  const text = /^\^\(?(tok|\[0-9a-f\])/.test(pattern ?? '')
    ? fc.stringMatching(new RegExp(pattern ?? ''))
    : fc.string({ minLength: 1 });
  return text.map((each) => JSON.stringify(each));
}
