/*
 * What clients put into a request line is theirs to choose: a card number in a path, a key in a query string. Access logs are kept for
 * long and read by many (PCI DSS 3.3, 3.5.1), so what could be either is replaced, at the price of a harmless word now and then.
 */

const placeholder = '[REDACTED]';

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** The places of UUIDs in a text; each is kept as a part of its own when the text is split there. */
const uuids = /(?<![0-9a-z])([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?![0-9a-z])/i;
/**
 * 13 digits or more, with what people, encodings and paths put between them. No check digit is asked for: a card with a typing error is a
 * card too.
 */
const cardNumbers = /\d(?:[\s\p{Pd}+._/]{0,3}\d){12,}/gu;
/** What keys, tokens and digests are made of, in a length that words seldom have. */
const opaqueRuns = /[\w+=~-]{20,}/g;
const parameterName = /^[a-z_][\w.[\]-]{0,39}$/i;
/** A query string can name thousands; the first ones tell what was asked. */
const maxParameters = 50;

/** A URL without what may be secret in it. */
export interface RedactedUrl {
  readonly url: string;
  /** The names in the query string, in their order; their values are gone. */
  readonly queryParameters: readonly string[];
}

/** Replaces in free text what could be a card number or a credential. UUIDs stay: they name things and open nothing. */
export function redactText(text: string): string {
  return redactCards(text).replace(opaqueRuns, (run) => (isCredential(run) ? placeholder : run));
}

/** Replaces what could be a card number in a host name, whose other parts are long and full of digits by nature. */
export function redactHost(host: string): string {
  return host.replace(/\d{13,}/g, placeholder);
}

/** Takes user, query string and fragment out of a URL, and replaces each part of its path that could be a card number or a credential. */
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
  // The digits of one number may stand in several parts, each encoded in its own way.
  const readable = segments.map((segment) => decode(segment) ?? placeholder).join('/');
  const withoutCards = redactCards(readable);
  return (withoutCards === readable ? segments : withoutCards.split('/')).map(redactSegment).join('/');
}

function redactSegment(segment: string): string {
  const decoded = decode(segment);
  if (decoded === undefined || decoded.includes(placeholder) || /[=;?#]/.test(decoded)) return placeholder;
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
