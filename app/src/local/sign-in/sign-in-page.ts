import { persons } from './persons.ts';

/** The sign-in page of the local provider. It contains no text of a request, so nothing needs escaping. */
export function signInPage(wrongPassword: boolean): string {
  const options = Object.values(persons).map(
    ({ subject, name, role }) => `<option value="${subject}">${name}, ${role}</option>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width">
  <title>Sign in · local identity provider</title>
  <style>
    body { font: 1rem/1.5 system-ui, sans-serif; max-width: 24rem; margin: 4rem auto; padding: 0 1rem; }
    label, select, input, button { display: block; width: 100%; box-sizing: border-box; font: inherit; }
    select, input { margin-bottom: 1rem; padding: 0.4rem; }
    button { padding: 0.6rem; }
  </style>
</head>
<body>
  <main>
    <h1>Local identity provider</h1>
    <p>It stands for your organization's own. <code>npm start</code> prints the password.</p>
    ${wrongPassword ? '<p role="alert">The password is wrong. See the output of npm start.</p>' : ''}
    <form method="post">
      <label for="subject">Person</label>
      <select id="subject" name="subject">${options.join('')}</select>
      <label for="password">Password</label>
      <input id="password" name="password" type="password" autocomplete="current-password" required>
      <button>Sign in</button>
    </form>
  </main>
</body>
</html>
`;
}
