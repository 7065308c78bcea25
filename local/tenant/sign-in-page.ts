import { type Html, html, page } from './html';
import type { PasskeyQuestion } from './passkeys';
import { describeUser, type NewUser, seededUsers } from './seeded-users';

interface SignInPage {
  /** For the button that asks for a passkey. */
  passkey: PasskeyQuestion;
  login?: string;
  fault?: string;
}

/** The login page; after a failed try with what went wrong and the name that was typed. */
export function signInPage({ passkey, login, fault }: SignInPage): string {
  return page({
    title: 'Sign in',
    script: 'passkey.js',
    body: html`
      <h1>Sign in to Pizza on Demand</h1>
      ${fault ? html`<p role="alert" id="fault">${fault}</p>` : undefined}
      <form method="post">
        <label for="username">E-mail address or user name</label>
        <input id="username" name="username" value="${login}" autocomplete="username" autocapitalize="none"
          spellcheck="false" required${fault ? html` aria-describedby="fault"` : undefined}>
        <label for="password">Password</label>
        <input id="password" name="password" type="password" autocomplete="current-password" required>
        <button type="submit">Sign in</button>
        <button type="submit" name="then" value="passkey" class="secondary">Create a passkey</button>
      </form>
      ${passkeyForm(passkey, 'Use a passkey')}
      <h2>Who can sign in</h2>
      <p>This tenant runs on your own machine. These are the users it starts with:</p>
      <table>
        <thead><tr><th scope="col">Who</th><th scope="col">Password</th></tr></thead>
        <tbody>${Object.values(seededUsers).map(userRow)}</tbody>
      </table>`,
  });
}

/** After the right password, for who wants to sign in without one from then on. */
export function createPasskeyPage(passkey: PasskeyQuestion): string {
  return page({
    title: 'Create a passkey',
    script: 'passkey.js',
    body: html`
      <h1>Create a passkey</h1>
      <p>This device then signs you in by your fingerprint, your face or its lock.</p>
      ${passkeyForm(passkey, 'Create it')}`,
  });
}

function passkeyForm(question: PasskeyQuestion, label: string): Html {
  return html`<form method="post" id="passkey" data-question="${JSON.stringify(question)}">
        <input type="hidden" name="passkey">
        <button type="submit">${label}</button>
        <p role="alert"></p>
      </form>`;
}

function userRow(user: NewUser): Html {
  return html`
          <tr><td>${user.name}: ${describeUser(user)}<br><code>${user.email ?? user.username}</code></td><td><code>${user.password}</code></td></tr>`;
}
