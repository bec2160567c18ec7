import type { ChildProcess } from 'node:child_process';

/** Resolves with the port after the API listens. Its further log is read and discarded. @throws when it exits first */
export function listeningPort(api: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let log = '';
    api.stdout?.on('data', (chunk: Buffer) => {
      if (log.length > 100_000) return;
      log += chunk.toString();
      const port = /"address":"http:\/\/127\.0\.0\.1:(\d+)"/.exec(log)?.[1];
      if (port !== undefined) resolve(Number(port));
    });
    api.once('exit', (code) => {
      reject(new Error(`The API exited with ${String(code)}:\n${log}`));
    });
  });
}
