import { Router } from 'express';
import { connections } from './connections';
import { type Html, html, page } from './html';
import type { Inbox, Message } from './inbox';

/** `GET /inbox` as a page or as JSON, whichever is asked for, and `GET /inbox.json`; both take `?to=`. */
export function inboxRouter(inbox: Inbox): Router {
  const filtered = (to: unknown) => inbox.messages(typeof to === 'string' ? to : undefined);
  return Router()
    .get('/inbox.json', (req, res) => void res.json(filtered(req.query.to)))
    .get('/inbox', (req, res) => {
      const messages = filtered(req.query.to);
      res.vary('accept');
      if (req.accepts(['html', 'json']) === 'json') res.json(messages);
      else res.send(inboxPage(messages));
    });
}

function inboxPage(messages: readonly Message[]): string {
  return page({
    title: 'Inbox',
    script: 'inbox.js',
    body: html`
      <h1>Inbox</h1>
      <p>Every text message and mail of this local run ends here. Nothing was sent to anybody.</p>
      <p id="empty"${messages.length > 0 ? html` hidden` : undefined}>No messages yet.</p>
      <div id="messages" role="log" aria-label="Messages, newest first">
        ${messages.slice(0, 50).map(messageArticle)}
      </div>`,
  });
}

function messageArticle({ id, channel, to, subject, text, code, at }: Message): Html {
  return html`
        <article class="message" id="message-${id}">
          <span>${connections[channel].noun} to <strong>${to}</strong></span>
          <time datetime="${at}">${at.slice(11, 19)} UTC</time>
          ${
            code
              ? html`<span class="text">${withLinks(text, code)}</span>`
              : html`<pre>${subject}

${text}</pre>`
          }
        </article>`;
}

/** The text with its link, and the code where it stands first. */
function withLinks(text: string, code: string): Html[] {
  const [before = '', ...after] = text.split(code);
  const [, middle = '', link = '', rest = ''] =
    /^(.*?)(https?:\/\/\S+)?(\s.*)?$/s.exec(after.join(code)) ?? [];
  return [
    html`${before}<code>${code}</code>${middle}`,
    ...(link ? [html`<a href="${link}">${link}</a>${rest}`] : []),
  ];
}
