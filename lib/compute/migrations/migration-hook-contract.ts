/** The environment variables of the migration hook. */
export interface MigrationHookEnvironment {
  /** `SchemaMigrationProperties`, as JSON. */
  readonly MIGRATION: string;
  readonly STACK_ID: string;
}

/** How long migrations may take before the deployment is rolled back, in minutes. */
export const longestMigrationMinutes = 55;
