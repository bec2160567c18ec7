import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface SqlFile {
  /** The file name of a migration, such as `0001_roles.sql`; the name of a function, such as `may_move`. */
  readonly name: string;
  readonly sql: string;
  /** SHA-256 of the text, hexadecimal. */
  readonly checksum: string;
}

/** The schema of one release. */
export interface SchemaFiles {
  /** Applied once, in order of their names. */
  readonly migrations: readonly SqlFile[];
  /** One function of the schema `payments` per file. Applied again when the file changes. */
  readonly functions: readonly SqlFile[];
}

/** The directory `database`: beside the bundle, or two levels above this source file. */
function databaseDirectory(): string {
  const here = import.meta.dirname;
  const bundled = join(here, 'database');
  return existsSync(bundled) ? bundled : join(here, '..', '..', 'database');
}

/** Reads the migrations and functions below `directory`. */
export function readSchemaFiles(directory = databaseDirectory()): SchemaFiles {
  const functions = readSqlFiles(join(directory, 'functions'));
  return {
    migrations: readMigrations(directory),
    functions: functions.map((file) => ({ ...file, name: file.name.replace(/\.sql$/, '') })),
  };
}

/** Reads the migrations below `directory`, in the order of their names. */
export function readMigrations(directory = databaseDirectory()): SqlFile[] {
  return readSqlFiles(join(directory, 'migrations'));
}

function readSqlFiles(directory: string): SqlFile[] {
  return readdirSync(directory)
    .filter((name) => name.endsWith('.sql'))
    .sort()
    .map((name) => {
      const sql = readFileSync(join(directory, name), 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    });
}
