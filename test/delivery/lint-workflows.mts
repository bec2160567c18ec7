import { NoOperationTraceWriter, parseWorkflow } from '@actions/workflow-parser';
import { readFileSync } from 'node:fs';

/* Prints what GitHub's own parser rejects in the workflows whose paths are the arguments, one problem a line, and then exits with 1. */

const problems = process.argv.slice(2).flatMap((path) => {
  const { context } = parseWorkflow({ name: path, content: readFileSync(path, 'utf8') }, new NoOperationTraceWriter());
  return context.errors.getErrors().map(({ message }) => message);
});
for (const problem of problems) console.log(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
