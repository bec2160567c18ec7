import type { FastifyInstance } from 'fastify';

/** Which methods an address knows, as `Allow` lists them; `undefined` when there is nothing at the address. */
export type MethodLookup = (path: string) => string | undefined;

/**
 * Remembers every route that is added from now on. The router itself cannot say which other methods an address has: it looks for method
 * and address together.
 */
export function rememberAddresses(app: FastifyInstance): MethodLookup {
  const addresses = new Map<string, { readonly matches: RegExp; readonly methods: Set<string> }>();
  app.addHook('onRoute', ({ url, method }) => {
    const pattern = url.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`).replaceAll(/:\w+/g, '[^/]+');
    const known = addresses.get(url) ?? { matches: new RegExp(`^${pattern}$`), methods: new Set() };
    for (const each of [method].flat()) known.methods.add(each);
    addresses.set(url, known);
  });
  return (path) => {
    const methods = [...addresses.values()]
      .filter(({ matches }) => matches.test(path))
      .flatMap((each) => [...each.methods]);
    return methods.length > 0 ? methods.sort().join(', ') : undefined;
  };
}
