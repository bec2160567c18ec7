/** The configuration of an environment, read at start. The build is the same for all environments. */
export interface RuntimeConfig {
  /** The base path or URL of the API, without a trailing slash. */
  readonly apiBaseUrl: string;
  readonly environmentName: string;
  /** Whether the acquirer is simulated. The payment form then offers its tokens. */
  readonly demoTokens: boolean;
  /** Whether the environment stores documents of payments. */
  readonly documents: boolean;
  /** Whether persons sign in with an identity provider, beside API keys. @default false */
  readonly personSignIn?: boolean;
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
 * @throws with the invalid field
 */
export async function loadRuntimeConfig(): Promise<RuntimeConfig> {
  const response = await fetch('/config.json', { cache: 'no-cache' });
  if (!response.ok) throw new Error(`/config.json returned status ${response.status}. Publish it beside index.html.`);
  return parseRuntimeConfig(await response.json().catch(() => undefined));
}

function parseRuntimeConfig(value: unknown): RuntimeConfig {
  if (typeof value !== 'object' || value === null) throw new Error('/config.json is not a JSON object.');
  const found = value as Record<string, unknown>;
  for (const [field, type] of Object.entries(fields)) {
    if (typeof found[field] !== type) throw new Error(`/config.json: ${field} must be a ${type}.`);
  }
  const { personSignIn = false } = found;
  if (typeof personSignIn !== 'boolean') throw new Error('/config.json: personSignIn must be a boolean.');
  return found as unknown as RuntimeConfig;
}
