import { createHmac } from 'node:crypto';
import { openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Receipt } from './receipts.ts';

/*
 * A receiver of webhooks with a journal: `receiver.ts JOURNAL PORT`. Merchant M's endpoint is `/M`. `PUT /M` with a signing secret makes it
 * known, also to a later process. `PUT /silence` with `true` lets it journal webhooks without a response, as if it died then.
 */

const [file = '', port = '0'] = process.argv.slice(2);
const journal = openSync(file, 'a');
let isSilent = false;

const secretFile = (merchantId: string) => `${file}.${merchantId}`;

/** Signs as Standard Webhooks says. It shares no code with the platform, and tolerates clocks that are off. */
function signatureOf(secret: string, id: string, timestamp: string, body: string): string {
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
}

async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const name = request.url?.slice(1) ?? '';
  const body = await text(request);
  if (request.method === 'PUT') {
    if (name === 'silence') isSilent = body === 'true';
    else writeFileSync(secretFile(name), body);
    response.end();
    return;
  }
  const header = (which: string) => String(request.headers[`webhook-${which}`]);
  const { type, data } = JSON.parse(body) as { type: string; data: { paymentId: string; amountMinor: number } };
  const signature = signatureOf(readFileSync(secretFile(name), 'utf8'), header('id'), header('timestamp'), body);
  const receipt: Receipt = {
    merchantId: name,
    eventId: header('id'),
    type,
    paymentId: data.paymentId,
    amountMinor: data.amountMinor,
    isSigned: header('signature') === signature,
  };
  writeSync(journal, `${JSON.stringify(receipt)}\n`);
  if (!isSilent) response.end();
}

const server = createServer((request, response) => {
  // A client that disconnects within its request has sent none.
  handle(request, response).catch(() => response.destroy());
});
server.listen(Number(port), '127.0.0.1', () => {
  console.log(JSON.stringify({ address: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }));
});
