import { z } from 'zod';

const claimName = z.string().regex(/^[\w:./-]{1,128}$/, 'Use the name of a claim, such as cognito:groups.');

/** How persons sign in to the console: with a user pool of the environment, or with another OpenID Connect provider. */
export const signIn = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('cognito') }),
  z.strictObject({
    kind: z.literal('provider'),
    issuer: z
      .string()
      .regex(/^https:\/\/[a-z0-9.-]+(:\d+)?(\/[\w./~-]*)?$/, 'Use an https:// URL without credentials and query.')
      .describe('Issuer of the provider, exactly as its discovery document states it.'),
    clientId: z
      .string()
      .regex(/^[\x21-\x7e]{1,256}$/, 'Use 1 to 256 printable ASCII characters without spaces.')
      .describe('Id of the console as a confidential client of the provider.'),
    roleClaim: claimName.default('role').describe('Claim of the ID token that contains the role of the person.'),
    merchantClaim: claimName
      .default('merchant_id')
      .describe('Claim of the ID token that contains the id of the merchant.'),
    signOutParameter: z
      .enum(['post_logout_redirect_uri', 'logout_uri'])
      .default('post_logout_redirect_uri')
      .describe(
        'Parameter of the sign-out page with the address to return to: of OpenID Connect, or of Amazon Cognito.',
      ),
  }),
]);
