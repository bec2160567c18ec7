import type { DeadLetter, DeadLetters } from './dead-letters.ts';

/** The options of a redrive. */
export interface RedriveRequest {
  /** Whether to list the dead letters without moving them. */
  readonly dryRun: boolean;
  /** Moves only those whose reason contains this text. @default - all */
  readonly reason?: string;
}

/** The numbers of listed and moved dead letters. */
export interface RedriveResult {
  readonly seen: number;
  readonly moved: number;
}

const noReason = 'none: the consumer crashed or timed out, see its log';

/**
 * Lists every dead letter and moves the matching ones back to the queue, in order per payment. Messages that fail again meanwhile
 * stay in the dead-letter queue, so that the run ends.
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

/** Event type and payment. The body is not shown, because it may contain anything. */
function subjectOf({ body, group }: DeadLetter): string {
  const type = /"type"\s*:\s*"([a-z]+\.[a-z]+)"/.exec(body)?.[1] ?? 'unreadable';
  return `${type} of payment ${group}`;
}
