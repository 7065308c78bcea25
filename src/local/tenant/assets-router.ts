import { Router } from 'express';

const styles = `main { max-width: 40rem }
table code { white-space: nowrap }
.message code { font-size: 1.5rem; letter-spacing: .1em }
[role=alert] { border-inline-start: .3rem solid currentcolor; padding-inline-start: 1rem }
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

/** Styles and script of the tenant's pages, from itself: their content security policy allows nothing else. */
export function assetsRouter(): Router {
  const pico = require.resolve('@picocss/pico/css/pico.classless.min.css');
  return Router()
    .get('/pico.css', (_req, res) => res.sendFile(pico, { dotfiles: 'allow' }))
    .get('/tenant.css', (_req, res) => res.type('css').send(styles))
    .get('/inbox.js', (_req, res) => res.type('js').send(inboxScript));
}
