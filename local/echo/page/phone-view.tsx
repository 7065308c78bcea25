import type { ComponentChild } from 'preact';
import { useState } from 'preact/hooks';
import type { Message } from '../../tenant/inbox';
import type { SkillAnswer } from '../echo-device';
import type { HouseholdState, Turn } from '../page-data';
import { Fault, post } from './api';

const shownCards = 3;

/** The customer's phone: messages, and the Alexa app with its cards. */
export function PhoneView({ household, look }: { household: HouseholdState; look(): Promise<void> }) {
  const { customer, messages, turns } = household;
  const title = customer ? `${customer.name}’s phone` : 'The customer’s phone';
  return (
    <section class="panel phone" aria-labelledby="phone-title">
      <div class="panel-head">
        <h2 id="phone-title">{title}</h2>
        {customer && <span class="small">{customer.phoneNumber ?? customer.email ?? 'No number'}</span>}
      </div>
      <div class="phone-part">
        <h3>Alexa app</h3>
        <AccountLink household={household} look={look} />
        {cardsOf(turns).map((turn) => (
          <Card key={turn.id} turn={turn} isLinked={customer !== undefined} />
        ))}
      </div>
      <div class="phone-part">
        <h3>Messages</h3>
        <div role="log" aria-label="Messages, newest first">
          {messages.map((message) => (
            <MessageItem key={message.id} message={message} />
          ))}
          {messages.length === 0 && (
            <p class="empty">
              {customer ? 'No messages yet. Codes arrive here.' : 'Nobody’s yet: link an account.'}
            </p>
          )}
        </div>
      </div>
    </section>
  );
}

function AccountLink({
  household: { customer },
  look,
}: {
  household: HouseholdState;
  look(): Promise<void>;
}) {
  const [fault, setFault] = useState<string>();
  async function unlink(): Promise<void> {
    try {
      await post('unlink');
      await look();
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      setFault(error.message);
    }
  }
  return (
    <div class="account">
      <span>{customer ? `Linked: ${customer.login}` : 'Pizza on Demand is not linked.'}</span>
      {customer ? (
        <button type="button" class="secondary outline" onClick={unlink}>
          Unlink
        </button>
      ) : (
        <LinkForm />
      )}
      {fault && (
        <p role="alert" class="fault">
          {fault}
        </p>
      )}
    </div>
  );
}

/** A form, because it leads to the tenant's own page. */
function LinkForm() {
  return (
    <form method="post" action="linking">
      <button type="submit">Link account</button>
    </form>
  );
}

const cardOf = ({ response: { body } }: Turn) => (body as SkillAnswer | undefined)?.response?.card;

/** The newest cards, newest first. */
function cardsOf(turns: readonly Turn[]): Turn[] {
  return turns.filter(cardOf).reverse().slice(0, shownCards);
}

function Card({ turn, isLinked }: { turn: Turn; isLinked: boolean }) {
  const { type, title, content } = cardOf(turn) ?? {};
  if (type === 'LinkAccount') {
    if (isLinked) return null;
    return (
      <article class="card">
        <h4>Link your account</h4>
        <p>Pizza on Demand wants to know who orders.</p>
        <LinkForm />
      </article>
    );
  }
  return (
    <article class="card">
      <h4>{title}</h4>
      <p class="lines">{content}</p>
    </article>
  );
}

function MessageItem({ message: { channel, subject, text, code, at } }: { message: Message }) {
  return (
    <article class={`message ${code ? 'with-code' : ''}`}>
      <div class="message-head">
        <span>{subject ?? (channel === 'sms' ? 'Text message' : 'E-mail')}</span>
        <time dateTime={at}>
          {new Date(at).toLocaleTimeString('en', { hour: '2-digit', minute: '2-digit' })}
        </time>
      </div>
      <p class="lines">{partsOf(text, code)}</p>
    </article>
  );
}

/** As a phone shows it: the code stands out where it is first named, and an address can be followed. */
function partsOf(text: string, code: string | undefined): ComponentChild[] {
  const codeAt = code ? text.indexOf(code) : -1;
  const [before, after] =
    codeAt < 0 ? [text, ''] : [text.slice(0, codeAt), text.slice(codeAt + String(code).length)];
  return [
    ...withLinks(before),
    codeAt < 0 ? null : <strong class="code">{code}</strong>,
    ...withLinks(after),
  ];
}

function withLinks(text: string): ComponentChild[] {
  return text.split(/(https?:\/\/\S+)/).map((part, at) =>
    at % 2 === 0 ? (
      part
    ) : (
      <a key={part} href={part} target="_blank" rel="noreferrer">
        {part}
      </a>
    ),
  );
}
