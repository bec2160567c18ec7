import pg from 'pg';

// Amounts are bigint in the database and safe integers here; the schemas of the API keep them far below the limit.
pg.types.setTypeParser(pg.types.builtins.INT8, (text) => {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new Error(`The database returned ${text}, which is not a safe integer.`);
  return value;
});
