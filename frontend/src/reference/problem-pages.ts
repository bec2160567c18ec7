import { edgeProblems, explanations } from '../../../app/src/problem-explanations.ts';
import { catalogue, type ProblemSlug } from '../../../app/src/problems.ts';

/** A page that explains a problem. */
export interface ProblemPage {
  /** The last segment of the problem's `type`. */
  readonly slug: string;
  readonly html: string;
}

/** Returns a static page for each problem, to which its `type` leads. @param styles the path of their style sheet */
export function problemPages(styles: string): ProblemPage[] {
  const ofApi = (Object.keys(catalogue) as ProblemSlug[]).map((slug) => [slug, ...catalogue[slug], explanations[slug]]);
  const ofEdge = Object.entries(edgeProblems).map(([slug, problem]) => [slug, ...problem]);
  return [...ofApi, ...ofEdge].map(([slug, status, title, explanation]) => ({
    slug: String(slug),
    html: pageOf({
      slug: String(slug),
      status: Number(status),
      title: String(title),
      text: String(explanation),
      styles,
    }),
  }));
}

interface Content {
  readonly slug: string;
  readonly status: number;
  readonly title: string;
  readonly text: string;
  readonly styles: string;
}

function pageOf({ slug, status, title, text, styles }: Content): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <title>${title} · Payments API</title>
    <link rel="icon" href="/icon.svg" type="image/svg+xml" />
    <link rel="stylesheet" href="${styles}" />
  </head>
  <body>
    <main>
      <p><code>/problems/${slug}</code></p>
      <h1>${title}</h1>
      <p>HTTP status ${status}</p>
      <p>${withCode(text)}</p>
      <p><a href="/api/docs">Reference of the API</a></p>
    </main>
  </body>
</html>
`;
}

/** Marks what is between backticks as code. The texts contain no other markup. */
function withCode(text: string): string {
  return text.replaceAll(/`([^`]+)`/g, '<code>$1</code>');
}
