import { checkClauses, countOf, lineOf } from '../app/conformance/check.ts';
import { readArguments, type Request, usage, UsageError } from '../app/conformance/command-line.ts';
import { startTarget, targetAt } from '../app/conformance/target.ts';

/* Checks a container against CONTAINER-CONTRACT.md and reports the result of each clause. */

function requestOfProcess(): Request {
  try {
    return readArguments(process.argv.slice(2), process.env);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`${error.message}\n\n${usage}`);
    process.exit(2);
  }
}

const request = requestOfProcess();
// Kill all started processes when this process exits.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
const target = 'url' in request ? targetAt(request.url) : await startTarget(request.start);
try {
  const results = await checkClauses(target, (result) => {
    console.log(lineOf(result));
  });
  console.log(`\n${countOf(results)}`);
  process.exitCode = results.some(({ verdict }) => verdict.outcome === 'failed') ? 1 : 0;
} finally {
  await target.started?.close();
}
