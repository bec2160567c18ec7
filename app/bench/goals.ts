/** A figure and its goal. */
export interface Goal {
  readonly name: string;
  readonly measured: number;
  /** The bound, and whether it is a maximum or a minimum. */
  readonly atMost?: number;
  readonly atLeast?: number;
  readonly unit: string;
}

/** Whether the figure meets its goal. NaN does not. */
function isMet({ measured, atMost = Infinity, atLeast = -Infinity }: Goal): boolean {
  return measured <= atMost && measured >= atLeast;
}

/** Prints one line for each goal, with `met` or `MISSED`. */
export function printGoals(goals: readonly Goal[]): void {
  console.log('\nGoals:');
  for (const goal of goals) {
    const { name, measured, atMost, atLeast, unit } = goal;
    const bound = atMost === undefined ? `at least ${atLeast ?? ''}` : `at most ${atMost}`;
    const figure = Number.isNaN(measured) ? 'not measured' : `${Number(measured.toPrecision(3))} ${unit}`;
    console.log(`  ${isMet(goal) ? 'met   ' : 'MISSED'}  ${name}: ${figure}, goal ${bound} ${unit}`);
  }
}
