import pg, { type Client } from 'pg';
import type { SqlFile } from './schema-files.ts';
import { appliedChecksums } from './applied-files.ts';

/** The names of the changed functions of the schema `payments`. */
export interface FunctionChanges {
  /** Created, or replaced because the text differs. */
  readonly replaced: readonly string[];
  /** Their file is gone. */
  readonly dropped: readonly string[];
}

/** SQLSTATE invalid_function_definition: CREATE OR REPLACE cannot change a result, a parameter's name or a default. */
const signatureDiffers = '42P13';

/**
 * Applies the functions whose text differs from what the database recorded, and drops those whose file is gone. Runs in the transaction of
 * the caller.
 *
 * CREATE OR REPLACE keeps the function's OID, so running processes can still call it. If the parameters or the result differ, the function
 * is dropped and created. Calls must then fit both definitions, for example because an added parameter has a default. Otherwise the new
 * definition needs another name, and the next release deletes the file of the old one.
 *
 * All grants are revoked first, so a function has only the grants of its file.
 *
 * @throws when a file fails or does not define exactly the function that it is named after, or a dropped function is still in use
 */
export async function applyFunctions(client: Client, files: readonly SqlFile[]): Promise<FunctionChanges> {
  const known = await appliedChecksums(client, 'schema_functions');
  const changed = files.filter(({ name, checksum }) => known.get(name) !== checksum);
  const replaced = changed.map(({ name }) => name);
  const before = await signaturesOf(client, replaced);
  await revokeGrants(client, replaced);
  for (const file of inOrderOfUse(changed)) await withFunctionName(file.name, () => apply(client, file, before));
  await dropFormerSignatures(client, replaced, before);

  const names = new Set(files.map(({ name }) => name));
  const dropped = [...known.keys()].filter((name) => !names.has(name));
  for (const [name, signatures] of await signaturesOf(client, dropped)) {
    await withFunctionName(name, () => drop(client, signatures));
  }
  await record(client, changed, dropped);
  return { replaced, dropped };
}

/** A function comes after those that its text calls, because PostgreSQL checks the body of an SQL function when it creates it. */
function inOrderOfUse(files: readonly SqlFile[]): SqlFile[] {
  const visited = new Set<SqlFile>();
  const ordered: SqlFile[] = [];
  const visit = (file: SqlFile) => {
    if (visited.has(file)) return;
    visited.add(file);
    files.filter(({ name }) => file.sql.includes(`payments.${name}(`)).forEach(visit);
    ordered.push(file);
  };
  files.forEach(visit);
  return ordered;
}

/** The signatures under which functions exist, such as `payments.may_move(text,text)`; functions that do not exist are left out. */
async function signaturesOf(client: Client, names: readonly string[]): Promise<Map<string, string[]>> {
  const { rows } = await client.query<{ name: string; signatures: string[] }>(
    `SELECT proname::text AS name, array_agg(p.oid::regprocedure::text) AS signatures
     FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace
     WHERE nspname = 'payments' AND proname = ANY ($1) GROUP BY proname`,
    [names],
  );
  return new Map(rows.map(({ name, signatures }) => [name, signatures]));
}

async function revokeGrants(client: Client, names: readonly string[]): Promise<void> {
  const { rows } = await client.query<{ statement: string }>(
    `SELECT format('REVOKE ALL ON FUNCTION %s FROM %s', p.oid::regprocedure,
              CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END) AS statement
     FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace, aclexplode(proacl)
     WHERE nspname = 'payments' AND proname = ANY ($1) AND grantee <> proowner`,
    [names],
  );
  if (rows.length > 0) await client.query(rows.map(({ statement }) => statement).join(';'));
}

/** One round trip a function, because the transaction may hold locks that requests wait for. */
async function apply(client: Client, { name, sql }: SqlFile, before: ReadonlyMap<string, string[]>): Promise<void> {
  const text = `SAVEPOINT replacement; ${sql}\n; RESET ROLE; RELEASE SAVEPOINT replacement`;
  const former = before.get(name);
  try {
    await client.query(text);
  } catch (error) {
    if (former === undefined || !(error instanceof pg.DatabaseError && error.code === signatureDiffers)) throw error;
    await client.query('ROLLBACK TO SAVEPOINT replacement');
    await drop(client, former);
    await client.query(text);
  }
}

/** Drops the old overload: with other parameters, CREATE OR REPLACE creates a second function of the same name. */
async function dropFormerSignatures(
  client: Client,
  names: readonly string[],
  before: ReadonlyMap<string, string[]>,
): Promise<void> {
  const after = await signaturesOf(client, names);
  for (const name of names) {
    const former = before.get(name) ?? [];
    const found = after.get(name) ?? [];
    const created = found.filter((signature) => !former.includes(signature));
    const remaining = created.length > 0 ? created : found;
    if (remaining.length !== 1) {
      throw new Error(
        `functions/${name}.sql must define one function payments.${name}; it defines ${remaining.length}: ${remaining.join(', ')}.`,
      );
    }
    await withFunctionName(name, () =>
      drop(
        client,
        found.filter((signature) => !remaining.includes(signature)),
      ),
    );
  }
}

/** Without CASCADE, so that a migration must first drop the objects that depend on the function. */
async function drop(client: Client, signatures: readonly string[]): Promise<void> {
  for (const signature of signatures) await client.query(`DROP FUNCTION ${signature}`);
}

async function record(client: Client, changed: readonly SqlFile[], dropped: readonly string[]): Promise<void> {
  await client.query(
    `INSERT INTO public.schema_functions (name, checksum) SELECT * FROM unnest($1::text[], $2::text[])
     ON CONFLICT (name) DO UPDATE SET checksum = EXCLUDED.checksum, applied_at = EXCLUDED.applied_at`,
    [changed.map(({ name }) => name), changed.map(({ checksum }) => checksum)],
  );
  await client.query('DELETE FROM public.schema_functions WHERE name = ANY ($1)', [dropped]);
}

async function withFunctionName(name: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    throw new Error(`Function ${name} failed: ${(error as Error).message}`, { cause: error });
  }
}
