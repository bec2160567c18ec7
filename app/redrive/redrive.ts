import type { DeadLetter, DeadLetters } from './dead-letters.ts';

/** What is to be done with the dead letters. */
export interface RedriveRequest {
  /** Only shows them. */
  readonly dryRun: boolean;
  /** Moves only those whose reason holds this text. @default - all */
  readonly reason?: string;
}

/** What was done. */
export interface RedriveResult {
  readonly seen: number;
  readonly moved: number;
}

const noReason = 'none given: the consumer died of it, see its log';

/**
 * Shows every dead letter, and moves back to the queue those that are asked for, in the order of each payment. What the consumer
 * buries again meanwhile stays, or this would not end.
 */
export async function redrive(
  letters: DeadLetters,
  { dryRun, reason: wanted = '' }: RedriveRequest,
  show: (line: string) => void,
): Promise<RedriveResult> {
  const held = new Set<DeadLetter>();
  const moved = new Set<string>();
  let seen = 0;
  try {
    for (let batch = await letters.receive(); batch.length > 0; batch = await letters.receive()) {
      for (const letter of batch) held.add(letter);
      for (const letter of batch) {
        if (moved.has(letter.body)) continue;
        const moves = !dryRun && (letter.reason ?? noReason).includes(wanted);
        show(lineOf(letter, moves));
        seen += 1;
        if (!moves) continue;
        await letters.moveBack(letter);
        held.delete(letter);
        moved.add(letter.body);
      }
    }
  } finally {
    for (const letter of held) await letters.release(letter);
  }
  return { seen, moved: moved.size };
}

function lineOf(letter: DeadLetter, moves: boolean): string {
  const { sentAt, reason = noReason } = letter;
  return `${sentAt.toISOString()}  ${moves ? 'moved back' : 'stays     '}  ${subjectOf(letter)}: ${reason}`;
}

/** What of it helps to find the payment; the body itself may be anything. */
function subjectOf({ body, group }: DeadLetter): string {
  const type = /"type"\s*:\s*"([a-z]+\.[a-z]+)"/.exec(body)?.[1] ?? 'unreadable';
  return `${type} of payment ${group}`;
}
