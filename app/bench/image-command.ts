import { readFileSync } from 'node:fs';

/** The arguments of Node.js in the default command of the image: its flags and the file. */
export function imageCommand(): string[] {
  const dockerfile = readFileSync(new URL('../Dockerfile', import.meta.url), 'utf8');
  const command = /^CMD (\[.*\])$/m.exec(dockerfile)?.[1];
  if (command === undefined) throw new Error('app/Dockerfile has no line CMD [...] with the flags of Node.js.');
  return JSON.parse(command) as string[];
}
