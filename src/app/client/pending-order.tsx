import { useState } from 'preact/hooks';
import type { BoardOrder } from '../page-data';
import { codeOf, Problem, post } from './api';
import { ApproveByCode } from './approve-by-code';
import { sayProblem } from './problem-words';
import { sayRemaining, useNow } from './time';
import type { Report } from './use-live';
import { hrefTo } from './use-route';
import { Contact, callOf, channelWords, sayPizza } from './words';

interface PendingOrderProps {
  order: BoardOrder;
  codeLength: number;
  report: Report;
  /** Reads the orders again. */
  look: () => Promise<void>;
  cancel: (order: BoardOrder) => void;
}

/** An order of the reader's own that waits, and all that can be done about it. */
export function PendingOrder({ order, codeLength, report, look, cancel }: PendingOrderProps) {
  const { id, bill, channel, contact, expiresAt = 0 } = order;
  const now = useNow(1_000);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState('');

  async function act(what: 'authorize' | 'code', body?: object): Promise<boolean> {
    setBusy(true);
    setFault('');
    try {
      await post(`approval/${id}/${what}`, body);
      return true;
    } catch (error) {
      if (!report(error)) setFault(sayWhy(error));
      return false;
    } finally {
      await look();
      setBusy(false);
    }
  }

  const left = expiresAt - now;
  return (
    <article class="pending-order" aria-labelledby={`waits-${id}`}>
      <h2 id={`waits-${id}`}>Order {callOf(order)} waits for you</h2>
      <p>
        <strong>{sayPizza(order)}</strong>
        {bill && `, ${bill.total}, ${bill.to ? `to ${bill.to}` : 'for pick-up'}`}. Nothing is made before it
        is confirmed.
      </p>
      <p>
        {contact ? (
          <>
            The code went {channel && `by ${channelWords[channel]} `}to <Contact of={contact} />.
          </>
        ) : (
          'No code has been sent yet.'
        )}{' '}
        <span class="remaining" role="timer" aria-live="off">
          {left > 0 ? `${sayRemaining(expiresAt, now)} left.` : 'Its time is up.'}
        </span>
      </p>
      <div class="buttons">
        <a class="button" href={hrefTo('/approve')}>
          Approve it without the code
        </a>
        <button type="button" class="outline secondary" onClick={() => cancel(order)}>
          Cancel<span class="hidden"> order {callOf(order)}</span>
        </button>
      </div>
      <p class="problem" role="alert">
        {fault}
      </p>
      <ApproveByCode codeLength={codeLength} contact={contact} busy={busy} act={act} />
    </article>
  );
}

function sayWhy(error: unknown): string {
  const said = sayProblem(codeOf(error));
  if (!(error instanceof Problem) || error.code !== 'wrong_code') return said;
  const { attemptsLeft = 0, lastOne } = error.tries;
  const tries = attemptsLeft === 1 ? 'One try is left' : `${attemptsLeft} tries are left`;
  return `${said} ${tries}; after that ${lastOne === 'locks' ? 'ordering is locked' : 'the order is refused'}.`;
}
