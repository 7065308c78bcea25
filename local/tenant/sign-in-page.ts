import { type Html, html, page } from './html';
import { describeUser, type NewUser, seededUsers } from './seeded-users';

/** The login page; after a failed try with what went wrong and the name that was typed. */
export function signInPage({ login, fault }: { login?: string; fault?: string }): string {
  return page({
    title: 'Sign in',
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
      </form>
      <h2>Who can sign in</h2>
      <p>This tenant runs on your own machine. These are the users it starts with:</p>
      <table>
        <thead><tr><th scope="col">Who</th><th scope="col">Password</th></tr></thead>
        <tbody>${Object.values(seededUsers).map(userRow)}</tbody>
      </table>`,
  });
}

function userRow(user: NewUser): Html {
  return html`
          <tr><td>${user.name}: ${describeUser(user)}<br><code>${user.email ?? user.username}</code></td><td><code>${user.password}</code></td></tr>`;
}
