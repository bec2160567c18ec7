import { stdSerializers } from 'pino';

/** The log fields of an error. */
export interface ErrorFields {
  readonly type: string;
  /** Includes the messages of the causes. */
  readonly message: string;
  readonly stack: string;
  /** The error code of PostgreSQL, the system or a library. */
  readonly code?: string | number;
  /** The errors of an AggregateError. */
  readonly errors?: readonly Pick<ErrorFields, 'message' | 'code'>[];
}

/**
 * Returns type, message, code and stack of an error. Other properties are omitted: node-postgres attaches the client with its cancellation
 * key, and PostgreSQL's `detail` with values of the row.
 */
export function errorFields(error: unknown): ErrorFields {
  if (!(error instanceof Error)) return { type: typeof error, message: 'not an error', stack: '' };
  const { type, message, stack } = stdSerializers.err(error);
  const errors = error instanceof AggregateError ? (error.errors as unknown[]).map(messageAndCode) : [];
  return { type, message, ...codeOf(error), stack, ...(errors.length > 0 && { errors }) };
}

/** Returns message and code only, for errors whose stack adds nothing, such as a lost connection. */
export function messageAndCode(error: unknown): Pick<ErrorFields, 'message' | 'code'> {
  return { message: error instanceof Error ? error.message : 'not an error', ...codeOf(error) };
}

function codeOf(error: unknown): Pick<ErrorFields, 'code'> {
  const { code } = (error ?? {}) as { readonly code?: unknown };
  return typeof code === 'string' || typeof code === 'number' ? { code } : {};
}
