import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { Random } from '../random.ts';
import { type Behaviour, fateOf, isDone, reply } from './behaviour.ts';
import { Journal, type JournalLine } from './journal.ts';

/*
 * An acquirer process with a journal: `acquirer.ts JOURNAL PORT SEED`. It executes at most one operation per
 * reference, and `PUT /behaviour` sets its faults.
 */

interface Question {
  readonly reference: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly paymentToken?: string;
  readonly capture?: boolean;
  readonly acquirerId?: string;
}
type Kind = Exclude<JournalLine['kind'], 'conflict'>;

const [file = '', port = '0', seed = '1'] = process.argv.slice(2);
const journal = new Journal(file);
const random = new Random(Number(seed));
let behaviour: Behaviour = {};

/** Captures and refunds of these amounts are declined. */
const isDeclined = (kind: Kind, { amountMinor, paymentToken = '' }: Question): boolean =>
  kind === 'authorizations' ? paymentToken.startsWith('tok_decline') : kind !== 'voids' && amountMinor % 100 === 99;

function decide(kind: Kind, question: Question): JournalLine | undefined {
  const { reference, amountMinor, currency, capture = false } = question;
  const known = journal.decided(reference);
  const authorization = question.acquirerId === undefined ? undefined : journal.authorization(question.acquirerId);
  if (kind !== 'authorizations' && authorization === undefined) return undefined;
  const line: JournalLine = {
    kind,
    reference,
    acquirerId: authorization?.acquirerId ?? `auth_${reference}`,
    paymentToken: authorization?.paymentToken ?? question.paymentToken ?? '',
    amountMinor,
    currency,
    capture,
    ...(isDeclined(kind, question) && { declineCode: 'do_not_honor' }),
  };
  if (known && JSON.stringify(known) !== JSON.stringify(line)) {
    journal.write({ ...line, kind: 'conflict' });
    return undefined;
  }
  if (!known) journal.write(line);
  return line;
}

async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = request.url?.slice(1) ?? '';
  if (request.method === 'PUT' && path === 'behaviour') {
    behaviour = (await json(request)) as Behaviour;
    response.writeHead(204).end();
    return;
  }
  const question = (await json(request)) as Question;
  const fate = fateOf(behaviour, random.fraction());
  const line = isDone(fate) ? decide(path as Kind, question) : undefined;
  if (isDone(fate) && line === undefined) {
    response.writeHead(422).end();
    return;
  }
  const { reference } = question;
  const answer =
    line?.declineCode === undefined
      ? { outcome: 'approved', acquirerId: line?.acquirerId }
      : { outcome: 'declined', declineCode: line.declineCode };
  await reply(fate, request, response, JSON.stringify({ reference, ...answer }));
}

const server = createServer((request, response) => {
  // A client that disconnects within its request has sent none.
  handle(request, response).catch(() => response.destroy());
});
server.listen(Number(port), '127.0.0.1', () => {
  console.log(JSON.stringify({ address: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }));
});
