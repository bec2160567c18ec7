import type { Problem } from './configuration-error';
import type { ContextInputs } from './context-inputs';
import type { DeploymentProfile } from './deployment-profile';

/** Persons sign in to the console only. */
export function signInProblems({ signIn, site }: DeploymentProfile): Problem[] {
  if (!signIn || site) return [];
  return [
    {
      field: 'signIn',
      value: signIn,
      message:
        'Persons sign in to the console, and the profile has no site. Remove signIn, or use a profile with a console: flagship or storefront.',
    },
  ];
}

/**
 * Words that Cognito refuses in the prefix of a domain.
 *
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-assign-domain-prefix.html
 */
const reservedWords = ['amazon', 'aws', 'cognito'];

/** The provider redirects the browser to an address that it knows in advance, over TLS with a certificate for that address. */
export function signInInputProblems({ signIn, site }: DeploymentProfile, inputs: ContextInputs): Problem[] {
  if (!signIn || !site) return [];
  const { domainName, environmentSuffix } = inputs;
  const problems: Problem[] = [];
  if (domainName === undefined) {
    problems.push({
      field: 'domainName',
      value: undefined,
      message:
        'With signIn, the identity provider redirects persons to the address of the console over TLS. Pass -c domainName=NAME and -c hostedZoneId=Z…, or remove signIn.',
    });
  }
  const word = reservedWords.find((each) => environmentSuffix.includes(each));
  if (signIn.kind === 'cognito' && word !== undefined) {
    problems.push({
      field: 'environmentSuffix',
      value: environmentSuffix,
      message: `The suffix is part of the address of Cognito's sign-in page, which must not contain '${word}'. Use another suffix, or remove signIn.`,
    });
  }
  return problems;
}
