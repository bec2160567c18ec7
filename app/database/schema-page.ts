import type { Client, Pool, PoolClient } from 'pg';

/** A line of the page and its table. */
interface TableLine {
  readonly table: string;
  readonly line: string;
}

const header = `-- The schema of the database, for reading. A newcomer starts here.
-- \`npm run schema --workspace app\` generates it from a migrated database; a test fails when it is out of date.
-- Change migrations/ and functions/ instead. migrations/0001_roles.sql says what each login is for.
-- The migrator keeps its own records in public.schema_migrations and public.schema_functions.
`;

/**
 * Describes the schema `payments`: its tables with columns, constraints, indexes, triggers, policies and grants, in the order in which they
 * were created, then its functions. The text depends on the schema only.
 */
export async function schemaPage(client: Client | Pool | PoolClient): Promise<string> {
  const linesOf = async (query: string) => (await client.query<TableLine>(query)).rows;
  const tables = await linesOf(tableQuery);
  const members = [...(await linesOf(columnQuery)), ...(await linesOf(constraintQuery))];
  const details: TableLine[] = [];
  for (const query of [indexQuery, triggerQuery, policyQuery, grantQuery]) details.push(...(await linesOf(query)));
  const { rows: functions } = await client.query<{ line: string }>(functionQuery);

  const sections = tables.map(({ table, line }) => {
    const of = (lines: readonly TableLine[]) => lines.filter((each) => each.table === table).map((each) => each.line);
    const [comment = '', options = ''] = line.split('\n');
    // The comma goes before the comment of a column.
    const inside = of(members).map((member, index, all) =>
      index === all.length - 1 ? `  ${member}` : `  ${member.replace(/(?= -- |$)/, ',')}`,
    );
    return [`-- ${comment}`, `CREATE TABLE ${table} (`, ...inside, `)${options};`, ...of(details), ''].join('\n');
  });
  const list = functions.map(({ line }) => line);
  return [header, ...sections, '-- Functions; functions/NAME.sql has the text of each.', ...list, ''].join('\n');
}

const ownTables = `pg_class c WHERE c.relnamespace = 'payments'::regnamespace AND c.relkind = 'r'`;

const tableQuery = `
  SELECT c.oid::regclass::text AS table,
    coalesce(obj_description(c.oid, 'pg_class'), c.relname) || E'\\n'
      || coalesce(' WITH (' || array_to_string(c.reloptions, ', ') || ')', '') AS line
  FROM ${ownTables} ORDER BY c.oid`;

const columnQuery = `
  SELECT c.oid::regclass::text AS table,
    concat_ws(' ', quote_ident(attname), format_type(atttypid, atttypmod), CASE WHEN attnotnull THEN 'NOT NULL' END,
      'DEFAULT ' || pg_get_expr(adbin, adrelid), CASE attidentity WHEN 'a' THEN 'GENERATED ALWAYS AS IDENTITY' END,
      '-- ' || col_description(c.oid, attnum)) AS line
  FROM pg_attribute JOIN pg_class c ON c.oid = attrelid LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
  WHERE attnum > 0 AND NOT attisdropped AND c.oid IN (SELECT c.oid FROM ${ownTables}) ORDER BY c.oid, attnum`;

const constraintQuery = `
  SELECT conrelid::regclass::text AS table, format('CONSTRAINT %I %s', conname, pg_get_constraintdef(oid, true)) AS line
  FROM pg_constraint WHERE conrelid IN (SELECT c.oid FROM ${ownTables})
  ORDER BY conrelid, array_position(ARRAY ['p', 'u', 'f', 'c']::"char"[], contype), conname`;

/** Without the indexes of constraints, which are listed above. */
const indexQuery = `
  SELECT indrelid::regclass::text AS table, pg_get_indexdef(indexrelid) || ';' AS line
  FROM pg_index WHERE indrelid IN (SELECT c.oid FROM ${ownTables})
    AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u'))
  ORDER BY indrelid, indexrelid::regclass::text`;

const triggerQuery = `
  SELECT tgrelid::regclass::text AS table, pg_get_triggerdef(oid, true) || ';' AS line
  FROM pg_trigger WHERE NOT tgisinternal AND tgrelid IN (SELECT c.oid FROM ${ownTables}) ORDER BY tgrelid, tgname`;

const policyQuery = `
  SELECT c.oid::regclass::text AS table, format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY;', c.oid::regclass) COLLATE "C" AS line
  FROM ${ownTables} AND relrowsecurity
  UNION ALL
  SELECT polrelid::regclass::text,
    concat_ws(' ', format('CREATE POLICY %I ON %s', polname, polrelid::regclass),
      CASE polcmd WHEN 'r' THEN 'FOR SELECT' WHEN 'a' THEN 'FOR INSERT' WHEN 'w' THEN 'FOR UPDATE' WHEN 'd' THEN 'FOR DELETE' END,
      'TO ' || (SELECT string_agg(login::regrole::text, ', ' ORDER BY login::regrole::text) FROM unnest(polroles) AS login),
      'USING (' || pg_get_expr(polqual, polrelid, true) || ')',
      'WITH CHECK (' || pg_get_expr(polwithcheck, polrelid, true) || ')') || ';'
  FROM pg_policy WHERE polrelid IN (SELECT c.oid FROM ${ownTables})
  ORDER BY "table", line`;

const grantQuery = `
  SELECT "table", format('GRANT %s ON %s TO %s;', string_agg(privilege || columns, ', ' ORDER BY privilege), "table", grantee) AS line
  FROM (
    SELECT c.oid::regclass::text AS table, grantee::regrole::text, privilege_type AS privilege, '' AS columns
    FROM pg_class c, aclexplode(relacl) WHERE grantee <> relowner AND c.oid IN (SELECT c.oid FROM ${ownTables})
    UNION ALL
    SELECT c.oid::regclass::text, grantee::regrole::text, privilege_type, format(' (%s)', string_agg(attname, ', ' ORDER BY attnum))
    FROM pg_attribute JOIN pg_class c ON c.oid = attrelid, aclexplode(attacl)
    WHERE c.oid IN (SELECT c.oid FROM ${ownTables}) GROUP BY c.oid, grantee, privilege_type
  ) AS rights
  GROUP BY "table", grantee ORDER BY "table", grantee COLLATE "C"`;

const functionQuery = `
  SELECT format(E'--\\n-- %I(%s)\\n--   returns %s; runs as %s; %s', proname, pg_get_function_arguments(p.oid), pg_get_function_result(p.oid),
    CASE WHEN prosecdef THEN 'its owner' ELSE 'its caller' END,
    coalesce('executed by ' || (
      SELECT string_agg(CASE grantee WHEN 0 THEN 'everyone' ELSE grantee::regrole::text END, ', ' ORDER BY grantee::regrole::text)
      FROM aclexplode(coalesce(proacl, acldefault('f', proowner))) WHERE grantee <> proowner
    ), CASE prorettype WHEN 'trigger'::regtype THEN 'a trigger' ELSE 'executed by the administrator' END)) AS line
  FROM pg_proc p WHERE pronamespace = 'payments'::regnamespace ORDER BY proname`;
