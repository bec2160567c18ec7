import { readdirSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';

/** The kernel's clock ticks per second. @see https://man7.org/linux/man-pages/man5/proc_stat.5.html */
const ticksPerSecond = 100;

/** CPU seconds since the start of the machine or process. */
export interface ProcessorTime {
  /** Of the whole machine. */
  readonly machine: number;
  readonly api: number;
  readonly postgres: number;
  /** Of exited child processes: load generators. */
  readonly generators: number;
  /** Of this process. */
  readonly bench: number;
  /** Wall-clock seconds. */
  readonly at: number;
}

/** Reads the CPU times of the machine and of the measured processes. Linux only. */
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

/** The CPU seconds between two readings, and the share of the machine that other processes used. */
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
    // The name in parentheses may contain spaces and parentheses.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    const ticks = (index: number) => Number(fields[index] ?? 0) / ticksPerSecond;
    return { parent: Number(fields[1]), own: ticks(11) + ticks(12), ofEndedChildren: ticks(13) + ticks(14) };
  } catch {
    // The process has exited; its parent has its CPU time.
    return { parent: 0, own: 0, ofEndedChildren: 0 };
  }
}

/** The CPU time of a process, its running children and its exited ones. */
function treeTime(root: number): number {
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => timesOf(Number(name)))
    .filter(({ parent }) => parent === root);
  const { own, ofEndedChildren } = timesOf(root);
  return children.reduce((sum, child) => sum + child.own, own + ofEndedChildren);
}

/** The resident memory of a process, in MiB. */
export function residentMebibytes(pid: number): number {
  const kibibytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Math.round(Number(kibibytes) / 1024);
}
