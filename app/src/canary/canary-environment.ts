import { VariableReader } from '../variable-reader.ts';

/** The environment variables of the canary. The infrastructure imports this type, so a missing variable does not compile. */
export type CanaryEnvironment = Readonly<Record<RequiredVariable, string> & Partial<Record<OptionalVariable, string>>>;

type RequiredVariable = 'ENVIRONMENT_NAME' | 'API_URL' | 'API_KEY_SECRET_ARN';
type OptionalVariable = keyof typeof optional;

const optional = { GATEWAY_KEY_ID: undefined, TIMEOUT_MILLISECONDS: '10000', LOG_LEVEL: 'info' } as const;

/** The parsed environment variables of the canary. */
export interface CanarySettings {
  readonly environmentName: string;
  readonly logLevel: string;
  /** The public address of the API: `https://pay.example.com/api/v1`. */
  readonly apiUrl: string;
  /** The secret whose string is the API key of the canary's merchant. */
  readonly apiKeySecretArn: string;
  /** The id of the canary's key of the API Gateway. `undefined`: there is no API Gateway. */
  readonly gatewayKeyId: string | undefined;
  /** The longest wait for one response. */
  readonly timeoutMilliseconds: number;
}

/** @throws EnvironmentError with every problem: variable, value and remedy */
export function readCanarySettings(variables: Readonly<Record<string, string | undefined>>): CanarySettings {
  const reader = new VariableReader<RequiredVariable, OptionalVariable>(variables, optional);
  const settings: CanarySettings = {
    environmentName: reader.required('ENVIRONMENT_NAME'),
    logLevel: reader.oneOf('LOG_LEVEL', ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']),
    apiUrl: reader.required('API_URL'),
    apiKeySecretArn: reader.required('API_KEY_SECRET_ARN'),
    gatewayKeyId: reader.optional('GATEWAY_KEY_ID'),
    timeoutMilliseconds: reader.integer('TIMEOUT_MILLISECONDS', 1, 60_000),
  };
  if (!URL.canParse(settings.apiUrl))
    reader.report(`API_URL = "${settings.apiUrl}"; use an address such as https://pay.example.com/api/v1`);
  reader.throwIfInvalid();
  return settings;
}
