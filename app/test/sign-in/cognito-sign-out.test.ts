import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SignOutParameter } from '../../src/sign-in/sign-in-environment.ts';
import { Browser, locationOf, type SignInBench, startSignInBench } from '../support/identity-provider.ts';

const signedOutAddress = 'http://localhost:8080/sign-in';

/**
 * A provider whose sign-out page has the rules of Amazon Cognito's `/logout`: it needs the client and a registered `logout_uri`, and knows no
 * parameter of OpenID Connect.
 *
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/logout-endpoint.html
 */
async function benchLikeCognito(signOutParameter: SignOutParameter): Promise<SignInBench> {
  const bench = await startSignInBench({ signOutParameter });
  bench.identity.provider.use(async (context, next) => {
    if (context.path !== '/session/end') {
      await next();
      return;
    }
    const { client_id: client, logout_uri: returnTo } = context.query;
    if (client === 'console' && returnTo === signedOutAddress) context.redirect(returnTo);
    else context.throw(400, 'Required String parameter is not present');
  });
  return bench;
}

async function signOutAt(bench: SignInBench): Promise<Response> {
  const browser = new Browser(bench);
  await browser.signIn('viewer');
  return fetch(locationOf(await browser.open('/api/v1/session/provider-sign-out')), { redirect: 'manual' });
}

describe.each([
  ['logout_uri', 302, signedOutAddress],
  ['post_logout_redirect_uri', 400, null],
] as const)('signing out with %s at a provider like Cognito', (parameter, status, location) => {
  let bench: SignInBench;
  beforeAll(async () => {
    bench = await benchLikeCognito(parameter);
  });
  afterAll(() => bench.close());

  test(`responds with ${status}`, async () => {
    const response = await signOutAt(bench);
    expect([response.status, response.headers.get('location')]).toEqual([status, location]);
  });
});
