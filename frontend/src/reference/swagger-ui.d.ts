declare module 'swagger-ui-dist/swagger-ui-es-bundle.js' {
  /** Renders an OpenAPI document. The package has no types. */
  export default function SwaggerUI(options: Readonly<Record<string, unknown>>): unknown;
}

/** TypeScript's DOM library lacks Trusted Types. */
interface Window {
  readonly trustedTypes?: {
    createPolicy(name: string, rules: { readonly createHTML: (html: string) => string }): unknown;
  };
}
