import type { FastifyInstance } from 'fastify';

/** Returns the methods of a path in the format of the `Allow` header; `undefined` for an unknown path. */
export type MethodLookup = (path: string) => string | undefined;

/** Records every route that is added from now on, because the router cannot list the methods of a path. */
export function trackRouteMethods(app: FastifyInstance): MethodLookup {
  const routes = new Map<string, { readonly matches: RegExp; readonly methods: Set<string> }>();
  app.addHook('onRoute', ({ url, method }) => {
    const pattern = url.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`).replaceAll(/:\w+/g, '[^/]+');
    const known = routes.get(url) ?? { matches: new RegExp(`^${pattern}$`), methods: new Set() };
    for (const each of [method].flat()) known.methods.add(each);
    routes.set(url, known);
  });
  return (path) => {
    const methods = [...routes.values()]
      .filter(({ matches }) => matches.test(path))
      .flatMap((each) => [...each.methods]);
    return methods.length > 0 ? methods.sort().join(', ') : undefined;
  };
}
