import { Router } from 'express';

const styles = `body > main { max-width: 36rem; padding-block: 2.5rem }
[role=alert]:empty { display: none }
[role=alert] { color: var(--pico-del-color); border-inline-start: .3rem solid; padding-inline-start: 1rem }
form + h2 { margin-block-start: 3rem; font-size: 1.25rem }
td code { white-space: nowrap }
.message { display: flex; flex-wrap: wrap; align-items: baseline; gap: .25rem 1rem; margin-block: .75rem }
.message code { font-size: 1.5rem; letter-spacing: .1em }
.message .text { white-space: pre-line }
.message pre { flex-basis: 100%; white-space: pre-wrap }
.message time { margin-inline-start: auto }
`;

// Looks for new messages and puts them in, so that a screen reader announces those alone. Without it: reload the page.
const inboxScript = `const refresh = async () => {
  const response = await fetch(location.href, { headers: { accept: 'text/html' } }).catch(() => undefined);
  if (!response?.ok) return;
  const next = new DOMParser().parseFromString(await response.text(), 'text/html');
  const known = new Set([...document.querySelectorAll('.message')].map(({ id }) => id));
  const added = [...next.querySelectorAll('.message')].filter(({ id }) => !known.has(id));
  document.querySelector('#messages').prepend(...added);
  document.querySelector('#empty').hidden = document.querySelector('.message') !== null;
};
setInterval(() => { if (!document.hidden) refresh(); }, 2000);
`;

// Asks the browser for what the page says, and sends the answer with the form. The browser's own words say what went wrong there.
const passkeyScript = `const form = document.querySelector('#passkey');
const { does, options } = JSON.parse(form.dataset.question);
const ask = {
  create: () => navigator.credentials.create({
    publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options),
  }),
  get: () => navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) }),
};
form.addEventListener('submit', async (event) => {
  event.preventDefault();
  try {
    form.elements.passkey.value = JSON.stringify(await ask[does]());
    form.submit();
  } catch {
    form.querySelector('[role=alert]').textContent = 'No passkey was given. Try again, or use your password.';
  }
});
`;

/** Styles and script of the tenant's pages, from itself: their content security policy allows nothing else. */
export function assetsRouter(): Router {
  const pico = require.resolve('@picocss/pico/css/pico.classless.min.css');
  return Router()
    .get('/pico.css', (_req, res) => res.sendFile(pico, { dotfiles: 'allow' }))
    .get('/tenant.css', (_req, res) => res.type('css').send(styles))
    .get('/inbox.js', (_req, res) => res.type('js').send(inboxScript))
    .get('/passkey.js', (_req, res) => res.type('js').send(passkeyScript));
}
