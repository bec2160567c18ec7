import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import {
  allowedAddresses,
  canonicalAddress,
  type DestinationPolicy,
  RefusedDestinationError,
  type Resolve,
} from './destination.ts';

/** What an attempt sends. */
export interface Message {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What came of an attempt. */
export interface AttemptResult {
  readonly startedAt: Date;
  readonly durationMilliseconds: number;
  /** `null` when no response arrived. */
  readonly statusCode: number | null;
  /** Why no response arrived, for the merchant. */
  readonly error: string | null;
  /** The first bytes of the response. */
  readonly responseStart: string | null;
}

/** The limits of an attempt. */
export interface SendOptions {
  readonly policy: DestinationPolicy;
  /** From the lookup of the name to the end of the response. @default 10,000 */
  readonly timeoutMilliseconds?: number;
  /** @default - the name servers of the system */
  readonly resolve?: Resolve;
  /** Certificates of authorities as PEM. @default - those of Node.js */
  readonly authorities?: string;
}

const responseBytes = 1024;
const defaultTimeoutMilliseconds = 10_000;

/** The part of a response that an attempt keeps. */
type Response = Pick<AttemptResult, 'statusCode' | 'responseStart'>;

/**
 * Sends a message with one POST. Never throws: a failure is a result, too.
 *
 * It connects to exactly the addresses that were checked, follows no redirect, reuses no connection, and reads the beginning of the response
 * only.
 */
export async function send(message: Message, options: SendOptions): Promise<AttemptResult> {
  const { policy, timeoutMilliseconds = defaultTimeoutMilliseconds, resolve, authorities } = options;
  const startedAt = new Date();
  const began = performance.now();
  const signal = AbortSignal.timeout(timeoutMilliseconds);
  const result = (outcome: Partial<AttemptResult>): AttemptResult => ({
    startedAt,
    durationMilliseconds: Math.round(performance.now() - began),
    statusCode: null,
    error: null,
    responseStart: null,
    ...outcome,
  });
  try {
    const addresses = await unlessAborted(allowedAddresses(message.url, policy, signal, resolve), signal);
    return result(await exchange(message, addresses, signal, authorities));
  } catch (error) {
    const late = signal.aborted ? `No response within ${timeoutMilliseconds / 1000} seconds.` : undefined;
    return result({ error: late ?? reasonOf(error) });
  }
}

/** Sends the request and resolves with the response. @throws when the connection ends without one */
function exchange(
  { url, headers, body }: Message,
  addresses: readonly string[],
  signal: AbortSignal,
  authorities: string | undefined,
): Promise<Response> {
  const options: RequestOptions = {
    method: 'POST',
    headers: { ...headers, 'content-length': Buffer.byteLength(body), connection: 'close' },
    agent: false,
    lookup: lookupOf(addresses),
    signal,
    minVersion: 'TLSv1.2',
    ...(authorities !== undefined && { ca: authorities }),
  };
  return new Promise((resolve, reject) => {
    const sent = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, options);
    sent.once('socket', (socket) => {
      socket.once('connect', () => {
        if (!isOneOf(addresses, socket.remoteAddress))
          sent.destroy(
            new Error(`Connected to ${socket.remoteAddress ?? 'an unknown address'}, which was not checked.`),
          );
      });
    });
    // Once a response has begun, an error of the request no longer counts.
    sent.once('response', (response) => {
      resolve(startOf(response));
    });
    // Without a listener, Node.js would end the connection without an event that settles the promise.
    sent.once('upgrade', (response, socket) => {
      socket.destroy();
      resolve({ statusCode: response.statusCode ?? null, responseStart: null });
    });
    sent.on('error', reject);
    sent.once('close', () => {
      reject(new Error('The connection ended before a response.'));
    });
    sent.end(body);
  });
}

/** Reads the first bytes of a response and discards the others. A response that breaks off, or is too slow, still has its status. */
async function startOf(response: IncomingMessage): Promise<Response> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      length += chunk.length;
      // Leaving the loop destroys the response.
      if (length >= responseBytes) break;
    }
  } catch {
    // The status has arrived, and it decides.
  }
  const text = Buffer.concat(chunks).subarray(0, responseBytes).toString('utf8');
  return { statusCode: response.statusCode ?? null, responseStart: text.replaceAll(/(?![\n\t])\p{Cc}/gu, ' ') };
}

/** Answers with the checked addresses, whatever the name servers say now. */
function lookupOf(addresses: readonly string[]): LookupFunction {
  const found = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_hostName, { all }, callback) => {
    if (all === true) callback(null, found);
    else callback(null, found[0]?.address ?? '', found[0]?.family);
  };
}

function isOneOf(addresses: readonly string[], address: string | undefined): boolean {
  return address !== undefined && addresses.map(canonicalAddress).includes(canonicalAddress(address));
}

async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => {
      reject(new Error('aborted'));
    });
    work.then(resolve, reject);
  });
}

/** Describes a failure for the merchant: our own words, or the code of the error. */
function reasonOf(error: unknown): string {
  if (error instanceof RefusedDestinationError) return error.message;
  const { code, message } = error as NodeJS.ErrnoException;
  return code === undefined ? message : `The connection failed: ${code}.`;
}
