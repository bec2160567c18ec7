import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A file of plain SQL. */
export interface SqlFile {
  /** The file name of a migration, such as `0001_roles.sql`; the name of a function, such as `may_move`. */
  readonly name: string;
  readonly sql: string;
  /** SHA-256 of the text, in hexadecimal digits. */
  readonly checksum: string;
}

/** The SQL that makes up the schema of one release. */
export interface SchemaFiles {
  /** What happens once, in order. */
  readonly migrations: readonly SqlFile[];
  /** The text that runs: one function of the schema `payments` a file, applied again when the file has changed. */
  readonly functions: readonly SqlFile[];
}

/** The folder with the SQL of this build: `database`, beside the bundle or two folders up among the sources. */
function databaseDirectory(): string {
  const here = import.meta.dirname;
  const bundled = join(here, 'database');
  return existsSync(bundled) ? bundled : join(here, '..', '..', 'database');
}

/** The migrations and functions below `directory`. */
export function readSchemaFiles(directory = databaseDirectory()): SchemaFiles {
  const functions = readSqlFiles(join(directory, 'functions'));
  return {
    migrations: readMigrations(directory),
    functions: functions.map((file) => ({ ...file, name: file.name.replace(/\.sql$/, '') })),
  };
}

/** The migrations below `directory`, in the order of their names. */
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
