import { readFileSync } from 'node:fs';

/** What the image gives Node.js when nobody says otherwise: its flags, and the file. */
export function imageCommand(): string[] {
  const dockerfile = readFileSync(new URL('../Dockerfile', import.meta.url), 'utf8');
  const command = /^CMD (\[.*\])$/m.exec(dockerfile)?.[1];
  if (command === undefined) throw new Error('app/Dockerfile has no line CMD [...] to read the flags from.');
  return JSON.parse(command) as string[];
}
