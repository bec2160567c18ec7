import { ApiProblem } from '../lib/api-problem.ts';

/** An alert with the error message and the correlation id for support. */
export function ProblemAlert({ error }: { readonly error: Error | null }) {
  if (!error) return null;
  const correlationId = error instanceof ApiProblem ? error.problem.correlationId : '';
  return (
    <div role="alert" className="alert">
      <p>{error instanceof ApiProblem ? `${error.problem.title}. ${error.message}` : error.message}</p>
      {correlationId !== '' && (
        <p className="hint">
          Quote this id to support: <code>{correlationId}</code>
        </p>
      )}
    </div>
  );
}
