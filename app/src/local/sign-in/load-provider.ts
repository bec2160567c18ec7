import type Provider from 'oidc-provider';

/**
 * Loads the provider when it is needed, and without its warning. It warns of Node.js 20 wherever it is imported, so each start of the platform
 * would begin with a line that is no concern of its user. What the platform needs of it works there, as the tests of signing in show.
 */
export async function loadProvider(): Promise<typeof Provider> {
  const { warn } = console;
  console.warn = () => undefined;
  try {
    return (await import('oidc-provider')).default;
  } finally {
    console.warn = warn;
  }
}
