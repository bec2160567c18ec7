import type { KnownChallenge } from './challenges.ts';

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escaped = (text: string) => text.replaceAll(/[&<>"']/g, (character) => escapes[character] ?? '');

const results = {
  passed: 'Authentication is complete.',
  failed: 'Authentication failed.',
  canceled: 'This payment has ended.',
} as const;

/**
 * The page of a challenge, in place of the page of a bank. It has no style and no script, so it works under any content security policy.
 *
 * The way back is a link, because browsers apply `form-action` to redirects, too.
 */
export function challengePage({ id, outcome, returnUrl }: KnownChallenge): string {
  const button = (act: string, text: string) =>
    `<form method="post" action="${id}/${act}"><p><button>${text}</button></p></form>`;
  const content =
    outcome === null
      ? `<p>This is the simulated acquirer. A real bank would ask you to confirm the payment.</p>
${button('pass', 'Complete authentication')}
${button('fail', 'Fail authentication')}`
      : `<p role="status">${results[outcome]}</p>
<p><a href="${escaped(returnUrl)}">Return to the merchant</a></p>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Simulated 3-D Secure</title>
</head>
<body>
<main>
<h1>Simulated 3-D Secure</h1>
${content}
</main>
</body>
</html>
`;
}
