import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';

/** The kernel's default period. */
const periodMicroseconds = 100_000;

/**
 * Limits a process to a share of a processor, as Fargate limits a task. Needs Linux and the right to create a control group.
 *
 * @param vcpu processors, such as 0.5
 * @returns a function that removes the limit's group after the process has ended
 * @see https://docs.kernel.org/scheduler/sched-bwc.html
 */
export function limitProcessor(pid: number, vcpu: number): () => void {
  const quota = Math.round(vcpu * periodMicroseconds);
  const isVersion2 = existsSync('/sys/fs/cgroup/cgroup.controllers');
  const group = `/sys/fs/cgroup/${isVersion2 ? '' : 'cpu/'}payment-platform-bench-${pid}`;
  mkdirSync(group);
  if (isVersion2) {
    writeFileSync(`${group}/cpu.max`, `${quota} ${periodMicroseconds}`);
  } else {
    writeFileSync(`${group}/cpu.cfs_period_us`, String(periodMicroseconds));
    writeFileSync(`${group}/cpu.cfs_quota_us`, String(quota));
  }
  writeFileSync(`${group}/cgroup.procs`, String(pid));
  return () => {
    rmdirSync(group);
  };
}
