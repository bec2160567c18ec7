import { readdirSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';

/** The kernel counts in hundredths of a second. @see https://man7.org/linux/man-pages/man5/proc_stat.5.html */
const ticksPerSecond = 100;

/** Seconds of processor time, since the machine or the process began. */
export interface ProcessorTime {
  /** Of everything on the machine. */
  readonly machine: number;
  readonly api: number;
  readonly postgres: number;
  /** Of the processes that this one has started and that have ended: load generators. */
  readonly generators: number;
  /** Of this one, which only waits. */
  readonly bench: number;
  /** On the wall. */
  readonly at: number;
}

/** Reads the clocks of the machine and of the processes that are measured. Linux only. */
export function processorTime(apiPid: number, postmasterPid: number): ProcessorTime {
  const own = timesOf(process.pid);
  return {
    machine: machineTime(),
    api: timesOf(apiPid).own,
    postgres: treeTime(postmasterPid),
    generators: own.ofEndedChildren,
    bench: own.own,
    at: performance.now() / 1000,
  };
}

/** What was used between two readings, in seconds, and the share of the machine that others used. */
export function usedBetween(before: ProcessorTime, after: ProcessorTime) {
  const of = (name: keyof ProcessorTime) => after[name] - before[name];
  const ours = of('api') + of('postgres') + of('generators') + of('bench');
  const seconds = of('at');
  return {
    seconds,
    api: of('api'),
    postgres: of('postgres'),
    generators: of('generators'),
    foreignShare: Math.max(0, of('machine') - ours) / (seconds * cpus().length),
  };
}

function machineTime(): number {
  const [line = ''] = readFileSync('/proc/stat', 'utf8').split('\n');
  const [user = 0, nice = 0, system = 0, , , irq = 0, softIrq = 0, steal = 0] = line.split(/\s+/).slice(1).map(Number);
  return (user + nice + system + irq + softIrq + steal) / ticksPerSecond;
}

function timesOf(pid: number) {
  try {
    // The name in parentheses may hold anything; what follows it does not.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    const ticks = (index: number) => Number(fields[index] ?? 0) / ticksPerSecond;
    return { parent: Number(fields[1]), own: ticks(11) + ticks(12), ofEndedChildren: ticks(13) + ticks(14) };
  } catch {
    // It has ended; its parent has its time by now.
    return { parent: 0, own: 0, ofEndedChildren: 0 };
  }
}

/** A process, its children that run, and those that have ended. */
function treeTime(root: number): number {
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => timesOf(Number(name)))
    .filter(({ parent }) => parent === root);
  const { own, ofEndedChildren } = timesOf(root);
  return children.reduce((sum, child) => sum + child.own, own + ofEndedChildren);
}

/** How much memory a process holds, in MiB. */
export function residentMebibytes(pid: number): number {
  const kibibytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Math.round(Number(kibibytes) / 1024);
}
