import type { Client } from 'pg';

/** Returns the checksums of the applied files by name. Creates the table of the migrator if it does not exist. */
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
