import { useEffect, useState } from 'preact/hooks';
import type { Forgery } from '../forge-request';
import type { Sent, Turn } from '../page-data';
import { Fault, post } from './api';
import { echoNames } from './names';
import { Understood } from './understood';

/** Each way to send a request, and what POD should make of it. */
const ways: Readonly<Record<Forgery, string>> = {
  fresh: 'Send it fresh: signature, time and id are new',
  again: 'Send these very bytes, signed (a replay if nothing was edited)',
  unsigned: 'Break it: no signature',
  changed: 'Break it: bad signature (changed after it was signed)',
  old: 'Break it: ten minutes old',
  'other-skill': 'Break it: for another skill',
  'wrong-chain': 'Break it: signed with a chain nobody trusts',
  'chain-elsewhere': 'Break it: certificates from another server',
  'foreign-token': 'Break it: a token signed with another key',
};

const inLines = (json: unknown) => JSON.stringify(json, null, 2);

/** The requests and responses of the conversation, to be read, edited and sent again. */
export function Simulator({ turns }: { turns: readonly Turn[] }) {
  const [chosenId, choose] = useState('');
  const turn = turns.find(({ id }) => id === chosenId) ?? turns.at(-1);
  return (
    <details class="panel wide-panel" open>
      <summary>
        <h2>Service Simulator</h2> <span class="small">what Alexa sends, and what POD answers</span>
      </summary>
      {turn ? (
        <>
          <label class="which-turn">
            Turn
            <select value={chosenId} onChange={({ currentTarget }) => choose(currentTarget.value)}>
              <option value="">The newest</option>
              {[...turns].reverse().map(({ id, echo, text }) => (
                <option key={id} value={id}>
                  {echoNames[echo]}: {text || 'nobody answered'}
                </option>
              ))}
            </select>
          </label>
          <Understood turn={turn} />
          <Exchanged key={turn.id} turn={turn} />
        </>
      ) : (
        <p class="empty">Say something to the Echo: its request and POD’s answer are shown here.</p>
      )}
    </details>
  );
}

function Exchanged({ turn }: { turn: Turn }) {
  const [body, setBody] = useState(() => inLines(turn.request));
  const [forgery, setForgery] = useState<Forgery>('fresh');
  const [sent, setSent] = useState<Sent>();
  const [fault, setFault] = useState<string>();
  const [isSending, setSending] = useState(false);
  // What came of another way to send it says nothing about this one.
  useEffect(() => setSent(undefined), [forgery]);

  async function send(): Promise<void> {
    setSending(true);
    setFault(undefined);
    try {
      setSent(await post<Sent>('simulator', { body, forgery }));
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      setFault(error.message);
    }
    setSending(false);
  }

  return (
    <div class="exchanged">
      <div>
        <label>
          Request
          <textarea
            spellcheck={false}
            value={body}
            onInput={({ currentTarget }) => setBody(currentTarget.value)}
          />
        </label>
        <div class="send">
          <select
            aria-label="How to send it"
            value={forgery}
            onChange={({ currentTarget }) => setForgery(currentTarget.value as Forgery)}
          >
            {Object.entries(ways).map(([way, words]) => (
              <option key={way} value={way}>
                {words}
              </option>
            ))}
          </select>
          <button type="button" aria-busy={isSending} disabled={isSending} onClick={send}>
            Send
          </button>
        </div>
        {fault && (
          <p role="alert" class="fault">
            {fault}
          </p>
        )}
      </div>
      <Answer turn={turn} sent={sent} />
    </div>
  );
}

function Answer({ turn, sent }: { turn: Turn; sent: Sent | undefined }) {
  const { status, body } = sent ? { status: sent.status, body: sent.answer } : turn.response;
  return (
    <div role="status" aria-label="Response">
      <p class="label">
        {sent ? 'Response to what you sent' : 'Response'}{' '}
        <span class={`verdict ${status === 200 ? 'good' : 'bad'}`}>
          {status === 0 ? 'no answer' : status}
        </span>
      </p>
      {sent?.reason && <p class="aside">POD’s log says why: {sent.reason}</p>}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
      <pre tabIndex={0}>{typeof body === 'string' ? body : inLines(body)}</pre>
      {sent && (
        <details class="sent">
          <summary>Sent with these headers</summary>
          <pre>{inLines(sent.headers)}</pre>
        </details>
      )}
    </div>
  );
}
