import { stdSerializers } from 'pino';

/** What the log holds of an error. */
export interface ErrorFields {
  readonly type: string;
  /** With the messages of its causes. */
  readonly message: string;
  readonly stack: string;
  /** The code of PostgreSQL, the system or a library, where the error has one. */
  readonly code?: string | number;
  /** For an error that stands for several ones. */
  readonly errors?: readonly Pick<ErrorFields, 'message' | 'code'>[];
}

/**
 * Type, message, code and stack of an error, and nothing that a library has attached: node-postgres attaches the client, with the key that
 * cancels its queries, and PostgreSQL's own detail, with values of the row.
 */
export function errorFields(error: unknown): ErrorFields {
  if (!(error instanceof Error)) return { type: typeof error, message: 'not an error', stack: '' };
  const { type, message, stack } = stdSerializers.err(error);
  const errors = error instanceof AggregateError ? (error.errors as unknown[]).map(messageAndCode) : [];
  return { type, message, ...codeOf(error), stack, ...(errors.length > 0 && { errors }) };
}

/** Where the message says everything, such as for a connection that was lost. */
export function messageAndCode(error: unknown): Pick<ErrorFields, 'message' | 'code'> {
  return { message: error instanceof Error ? error.message : 'not an error', ...codeOf(error) };
}

function codeOf(error: unknown): Pick<ErrorFields, 'code'> {
  const { code } = (error ?? {}) as { readonly code?: unknown };
  return typeof code === 'string' || typeof code === 'number' ? { code } : {};
}
