import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

const keyPattern = /^documents(\/[0-9a-f-]{36}){3}$/;

/** A stored document. */
export interface StoredFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly storedAt: Date;
}

/** The directory with the documents of a local platform, and the secret with which the API signs requests to the document server. */
export class DocumentDirectory {
  readonly secret: Buffer;
  readonly #directory: string;

  /** Opens a directory that {@link DocumentDirectory.prepare} has created. */
  constructor(directory: string) {
    this.#directory = directory;
    this.secret = readFileSync(secretFile(directory));
  }

  /** Creates the directory and a new secret. */
  static prepare(directory: string): DocumentDirectory {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    writeFileSync(secretFile(directory), randomBytes(32), { mode: 0o600 });
    return new DocumentDirectory(directory);
  }

  /** Returns the document with a key; `undefined` if there is none or the key is malformed. */
  async find(key: string): Promise<StoredFile | undefined> {
    if (!keyPattern.test(key)) return undefined;
    const path = join(this.#directory, key);
    const found = await stat(path).catch(() => undefined);
    if (!found) return undefined;
    const hash = createHash('sha256');
    await pipeline(createReadStream(path), hash);
    return { path, sizeBytes: found.size, sha256: hash.digest('hex'), storedAt: found.mtime };
  }

  /** Stores `content` atomically if its checksum matches. Returns whether it was stored. */
  async store(key: string, content: Readable, sha256: string): Promise<boolean> {
    if (!keyPattern.test(key)) return false;
    const path = join(this.#directory, key);
    const unfinished = `${path}.${randomBytes(8).toString('hex')}`;
    await mkdir(dirname(path), { recursive: true });
    const hash = createHash('sha256');
    try {
      const digested = async function* (chunks: AsyncIterable<Buffer>) {
        for await (const chunk of chunks) {
          hash.update(chunk);
          yield chunk;
        }
      };
      await pipeline(content, digested, createWriteStream(unfinished, { mode: 0o600 }));
      if (hash.digest('hex') !== sha256) return false;
      await rename(unfinished, path);
      return true;
    } finally {
      await rm(unfinished, { force: true });
    }
  }
}

function secretFile(directory: string): string {
  return join(directory, 'signing-secret');
}
