import type { Client } from 'pg';

/** The checksums of the files that were applied, by name, as one of the migrator's own tables has them. Creates the table if it is missing. */
export async function appliedChecksums(
  client: Client,
  table: 'schema_migrations' | 'schema_functions',
): Promise<Map<string, string>> {
  await client.query(
    `CREATE TABLE IF NOT EXISTS public.${table} (
       name text PRIMARY KEY, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now()
     )`,
  );
  const { rows } = await client.query<{ name: string; checksum: string }>(`SELECT name, checksum FROM public.${table}`);
  return new Map(rows.map(({ name, checksum }) => [name, checksum]));
}
