/*
 * A client may put a card number into a path or a key into a query string. Access logs have long retention and many readers (PCI DSS 3.3,
 * 3.5.1), so anything that may be either is replaced, even if it sometimes replaces harmless text.
 */

const placeholder = '[REDACTED]';

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** Splits a text at its UUIDs and, because of the capturing group, keeps them as parts. */
const uuids = /(?<![0-9a-z])([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?![0-9a-z])/i;
/**
 * 13 or more digits with separators between them. The check digit is not verified, because a mistyped card number must not be logged
 * either.
 */
const cardNumbers = /\d(?:[\s\p{Pd}+._/]{0,3}\d){12,}/gu;
/** Characters of keys, tokens and digests, in a length that is rare for words. */
const opaqueRuns = /[\w+=~-]{20,}/g;
const parameterName = /^[a-z_][\w.[\]-]{0,39}$/i;
/** A query string may have thousands of parameters. The first ones suffice to diagnose a request. */
const maxParameters = 50;

/** A URL without parts that may be secret. */
export interface RedactedUrl {
  readonly url: string;
  /** The parameter names of the query string in order, without values. */
  readonly queryParameters: readonly string[];
}

/** Replaces anything in a text that may be a card number or a credential. UUIDs stay, because they are identifiers. */
export function redactText(text: string): string {
  return redactCards(text).replace(opaqueRuns, (run) => (isCredential(run) ? placeholder : run));
}

/** Replaces possible card numbers in a host name. Other long runs stay, because names that AWS generates contain them. */
export function redactHost(host: string): string {
  return host.replace(/\d{13,}/g, placeholder);
}

/** Removes user, query values and fragment from a URL, and replaces path segments that may be a card number or a credential. */
export function redactUrl(url: string): RedactedUrl {
  const [, beforeFragment = ''] = /^([^#]*)/.exec(url) ?? [];
  const [, beforeQuery = '', query = ''] = /^([^?]*)\??(.*)$/s.exec(beforeFragment) ?? [];
  const [, scheme = '', authority = '', path = ''] = /^(?:([a-z]+:\/\/)([^/]*))?(.*)$/is.exec(beforeQuery) ?? [];
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  return {
    url: `${scheme}${redactHost(host)}${redactPath(path)}`,
    queryParameters: query === '' ? [] : query.split('&').slice(0, maxParameters).map(redactParameter),
  };
}

function redactCards(text: string): string {
  const redactPart = (part: string) => (uuid.test(part) ? part : part.replace(cardNumbers, placeholder));
  return text.split(uuids).map(redactPart).join('');
}

function redactPath(path: string): string {
  const segments = path.split('/');
  // The digits of one card number may be spread over several segments with different encodings.
  const readable = segments.map((segment) => decode(segment) ?? placeholder).join('/');
  const withoutCards = redactCards(readable);
  return (withoutCards === readable ? segments : withoutCards.split('/')).map(redactSegment).join('/');
}

function redactSegment(segment: string): string {
  const decoded = decode(segment);
  if (decoded === undefined || decoded.includes(placeholder) || /[=;?#]/.test(decoded)) return placeholder;
  return uuid.test(decoded) || redactText(decoded) === decoded ? segment : placeholder;
}

/** A name without a value may itself be the secret: `?sk_live_…`. */
function redactParameter(parameter: string): string {
  const [name = '', value] = parameter.split(/=(.*)/s);
  return value !== undefined && parameterName.test(name) && redactText(name) === name ? name : placeholder;
}

/** Percent-decodes up to three times; `undefined` if the text cannot be decoded. */
function decode(text: string): string | undefined {
  try {
    for (let round = 0; round < 3; round += 1) {
      const decoded = decodeURIComponent(text);
      if (decoded === text) return decoded;
      text = decoded;
    }
  } catch {
    // Not valid percent-encoding.
  }
  return undefined;
}

function isCredential(run: string): boolean {
  if (uuid.test(run)) return false;
  return run.length >= 32 || (/\d/.test(run) && /[a-z]/i.test(run));
}
