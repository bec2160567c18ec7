/*
 * Preloaded into the CDK's CLI: it looks whether a stack is ready every five seconds, for which it has no option. An emulated stack is ready
 * much sooner, and most of a run would be spent waiting for the next look. Nothing else of the CLI waits as long.
 */
const betweenLooks = 5000;

// What the CLI starts inherits this, and the CLI is started by others: to them five seconds may be the patience with a test.
if (/aws-cdk\/bin\/cdk$/.test(process.argv[1] ?? '')) {
  globalThis.setTimeout = new Proxy(setTimeout, {
    apply: (original, self, [call, milliseconds, ...rest]) =>
      Reflect.apply(original, self, [call, milliseconds === betweenLooks ? 200 : milliseconds, ...rest]),
  });
}
