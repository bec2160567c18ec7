import { z } from 'zod';
import { ConfigurationError } from '../config/configuration-error';

/** The context keys of the delivery app (`-c key=value`), and their formats. */
const deliveryInputs = z.object({
  repository: z
    .string('Pass -c repository=OWNER/NAME, the GitHub repository whose workflows may deploy.')
    // A wildcard here would let other repositories assume the roles.
    .regex(
      /^[A-Za-z0-9][A-Za-z0-9-]*\/[A-Za-z0-9_.-]+$/,
      'Use OWNER/NAME of one GitHub repository, without wildcards.',
    ),
  identityProvider: z
    .enum(['created', 'existing'], 'Use created, or existing if the account already has the provider of GitHub.')
    .default('created'),
  region: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'Use an AWS region code, such as us-east-1.')
    .default('us-east-1'),
});

export type DeliveryInputs = z.infer<typeof deliveryInputs>;

/**
 * Reads and validates the context of the delivery app.
 *
 * @throws ConfigurationError with field, value and remedy of every invalid key
 */
export function readDeliveryInputs(context: Readonly<Record<string, unknown>>): DeliveryInputs {
  const { success, data, error } = deliveryInputs.safeParse(context);
  if (success) return data;
  throw new ConfigurationError(
    error.issues.map(({ path, message }) => {
      const field = String(path[0]);
      return { field, value: context[field], message };
    }),
  );
}
