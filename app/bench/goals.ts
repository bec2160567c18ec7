/** A figure with the goal that it is held against. */
export interface Goal {
  readonly name: string;
  readonly measured: number;
  /** The bound and whether it is the most or the least that meets the goal. */
  readonly atMost?: number;
  readonly atLeast?: number;
  readonly unit: string;
}

/** Whether the figure meets its goal. A figure that could not be measured meets none. */
export function isMet({ measured, atMost = Infinity, atLeast = -Infinity }: Goal): boolean {
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
