import { cpus, totalmem } from 'node:os';

/** The machine on which a figure was measured. */
export function machine(): { readonly processors: string; readonly memoryGibibytes: number; readonly node: string } {
  const [first] = cpus();
  return {
    processors: `${cpus().length} × ${first?.model.trim() ?? 'unknown'}`,
    memoryGibibytes: Math.round(totalmem() / 1024 ** 3),
    node: process.version,
  };
}
