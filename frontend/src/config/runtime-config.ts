/** What an environment tells the console at start; the build itself is the same everywhere. */
export interface RuntimeConfig {
  /** Path or address below which the API answers, without a slash at its end. */
  readonly apiBaseUrl: string;
  readonly environmentName: string;
  /** Whether the acquirer is the simulator, whose tokens the payment form then offers. */
  readonly demoTokens: boolean;
  /** Whether documents of payments are kept. */
  readonly documents: boolean;
}

const fields = {
  apiBaseUrl: 'string',
  environmentName: 'string',
  demoTokens: 'boolean',
  documents: 'boolean',
} as const;

/**
 * Reads `/config.json`.
 *
 * @throws with the field that is wrong, and who can mend it
 */
export async function loadRuntimeConfig(): Promise<RuntimeConfig> {
  const response = await fetch('/config.json', { cache: 'no-cache' });
  if (!response.ok) throw new Error(`/config.json answers ${response.status}; publish it beside index.html.`);
  return parseRuntimeConfig(await response.json().catch(() => undefined));
}

function parseRuntimeConfig(value: unknown): RuntimeConfig {
  if (typeof value !== 'object' || value === null) throw new Error('/config.json holds no JSON object.');
  const found = value as Record<string, unknown>;
  for (const [field, type] of Object.entries(fields)) {
    if (typeof found[field] !== type) throw new Error(`/config.json: ${field} must be a ${type}.`);
  }
  return found as unknown as RuntimeConfig;
}
