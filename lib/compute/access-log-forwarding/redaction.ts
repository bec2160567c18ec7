/*
 * What clients put into a request line is theirs to choose: a card number in a path, a key in a query string. Access logs are kept for
 * long and read by many (PCI DSS 3.3, 3.5.1), so what could be either is replaced, at the price of a harmless word now and then.
 */

const placeholder = '[REDACTED]';

/** 13 digits or more, with the separators that people and encodings put between them. No check digit is asked for: typos are cards too. */
const cardNumbers = /\d(?:[\s\p{Pd}+._]{0,3}\d){12,}/gu;
/** What keys, tokens and digests are made of, in a length that words seldom have. */
const opaqueRuns = /[\w+=~-]{20,}/g;
const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const parameterName = /^[a-z_][\w.[\]-]{0,39}$/i;
/** Load balancers name so many at most; more of them say nothing more. */
const maxParameters = 50;

/** A URL without what may be secret in it. */
export interface RedactedUrl {
  readonly url: string;
  /** The names in the query string, in their order; their values are gone. */
  readonly queryParameters: readonly string[];
}

/** Replaces in free text what could be a card number or a credential. UUIDs stay: they name things and open nothing. */
export function redactText(text: string): string {
  return text.replace(cardNumbers, placeholder).replace(opaqueRuns, (run) => (isCredential(run) ? placeholder : run));
}

/** Replaces what could be a card number in a host name, whose other parts are long and full of digits by nature. */
export function redactHost(host: string): string {
  return host.replace(/\d{13,}/g, placeholder);
}

/** Takes user, query string and fragment out of a URL, and replaces each part of its path that could be a card number or a credential. */
export function redactUrl(url: string): RedactedUrl {
  const [, beforeFragment = ''] = /^([^#]*)/.exec(url) ?? [];
  const [, beforeQuery = '', query = ''] = /^([^?]*)\??(.*)$/s.exec(beforeFragment) ?? [];
  const [, scheme = '', authority = '', path = ''] = /^([a-z]+:\/\/)?([^/]*)(.*)$/is.exec(beforeQuery) ?? [];
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  return {
    url: `${scheme}${redactHost(host)}${path.split('/').map(redactSegment).join('/')}`,
    queryParameters: query === '' ? [] : query.split('&').slice(0, maxParameters).map(redactParameter),
  };
}

function redactSegment(segment: string): string {
  const decoded = decode(segment);
  if (decoded === undefined || /[=;?#]/.test(decoded)) return placeholder;
  return uuid.test(decoded) || redactText(decoded) === decoded ? segment : placeholder;
}

/** Without a value the name may itself be the secret: `?sk_live_…`. */
function redactParameter(parameter: string): string {
  const [name = '', value] = parameter.split(/=(.*)/s);
  return value !== undefined && parameterName.test(name) && redactText(name) === name ? name : placeholder;
}

/** As it reads once nothing in it is percent-encoded any more; `undefined` when it cannot be decoded. */
function decode(text: string): string | undefined {
  try {
    for (let round = 0; round < 3; round += 1) {
      const decoded = decodeURIComponent(text);
      if (decoded === text) return decoded;
      text = decoded;
    }
  } catch {
    // Not percent-encoded text; what it is nobody can say.
  }
  return undefined;
}

function isCredential(run: string): boolean {
  if (uuid.test(run)) return false;
  return run.length >= 32 || (/\d/.test(run) && /[a-z]/i.test(run));
}
