import { useEffect, useRef, useState } from 'preact/hooks';
import { describePizza } from '../../orders/pizza-order';
import type { Approval, BoardOrder } from '../page-data';
import { ApproveByCode } from './approve-by-code';
import { ConfirmDialog } from './confirm-dialog';
import { Away, Loading, Notice } from './notice';
import { sayProblem } from './problem-words';
import { Clock, sayRemaining, useNow } from './time';
import { useApproval } from './use-approval';
import { hrefTo } from './use-route';
import { capitalise, sayPizza, ways } from './words';

/** The order that waits for the reader, to be approved where its terms are shown. */
export function ApproveView({ report }: { report: (problem: unknown) => boolean }) {
  const { approval, newer, problem, busy, act, show } = useApproval(report);
  const [asking, setAsking] = useState(false);
  const now = useNow(1_000);
  const order = approval?.order;
  const isSettled = useSettled(order?.id);
  // The button that was pressed is gone with what it was about: the focus goes where the news is.
  useEffect(() => document.querySelector('main')?.focus(), [order?.id, order?.status]);

  if (!approval) return problem ? <Away code={problem} retry={show} /> : <Loading what="your order" />;
  if (order?.status !== 'pending') return <NothingWaits approval={approval} />;
  return (
    <section class="approve">
      <h1>Is this what you want?</h1>
      <p role="alert" class="problem">
        {problem && sayWhy(problem)}
      </p>
      {newer && (
        <p role="status">
          A newer order has taken the place of this one.{' '}
          <button type="button" class="outline" onClick={() => show()}>
            Show it
          </button>
        </p>
      )}
      <article>
        <h2>{sayPizza(order)}</h2>
        <Items approval={approval} />
        <p>
          {sayWay(approval, order)} <br />
          Asked for {ways[order.via]}, <Clock at={order.placedAt} now={now} />.{' '}
          <span role="timer" aria-live="off">
            {sayRemaining(order.expiresAt ?? now, now)} left.
          </span>
        </p>
        <div class="buttons">
          {approval.freshSignIn ? (
            <button
              type="button"
              disabled={busy || !isSettled}
              aria-busy={busy}
              onClick={() => act('approve')}
            >
              Approve
            </button>
          ) : (
            <a class="button" href="oidc/start?return=approve&fresh=true">
              Sign in to approve
            </a>
          )}
          <button type="button" class="secondary outline" disabled={busy} onClick={() => setAsking(true)}>
            This was not me
          </button>
        </div>
        {!approval.freshSignIn && (
          <p class="small">
            An order is approved by a sign-in made after it was placed, so that a page left open approves
            nothing.
          </p>
        )}
      </article>
      <article>
        <ApproveByCode
          codeLength={approval.codeLength}
          attemptsLeft={approval.attemptsLeft}
          contact={order.contact}
          busy={busy}
          act={act}
        />
      </article>
      {asking && (
        <ConfirmDialog
          title="Was it not you?"
          confirm="It was not me"
          keep="Go back"
          act={async () => void (await act('disown'))}
          close={() => setAsking(false)}
        >
          <p>The order is cancelled, and ordering is locked until you sign in once more and unlock it.</p>
        </ConfirmDialog>
      )}
    </section>
  );
}

/** Whether the order has been there long enough to be meant: a second tap must not hit the one that came after. */
function useSettled(id: string | undefined): boolean {
  const [settled, setSettled] = useState<string>();
  const first = useRef<string>(undefined);
  first.current ??= id;
  useEffect(() => {
    const timer = setTimeout(() => setSettled(id), settleMs);
    return () => clearTimeout(timer);
  }, [id]);
  return id === first.current || id === settled;
}

const settleMs = 1_500;

function Items({ approval: { items } }: { approval: Approval }) {
  return (
    <dl class="items">
      {items.map(({ what, amount }) => (
        <div key={what}>
          <dt>{capitalise(what)}</dt>
          <dd>{amount}</dd>
        </div>
      ))}
    </dl>
  );
}

function sayWay({ minutes }: Approval, { bill }: BoardOrder): string {
  const time = minutes === undefined ? '' : `, in ${minutes} minutes`;
  return bill?.to ? `To ${bill.to}${time}.` : `For pick-up${time}.`;
}

/** What ended is shown anyway; it matters that what waits now is another one. */
function sayWhy(code: string): string {
  return code.startsWith('order_') && code !== 'order_changed'
    ? 'Nothing was done: a newer order has taken the place of the one you saw. Look at it first.'
    : sayProblem(code);
}

function NothingWaits({ approval: { order, locked } }: { approval: Approval }) {
  return (
    <Notice title="Nothing waits for you">
      <p role="status">
        {order
          ? `Your last order, a ${describePizza(order.pizza)}, ${sayEnd(order)}.`
          : 'You have not ordered anything yet.'}
      </p>
      <div class="actions">
        {locked && (
          <a class="button" href={hrefTo('/profile')}>
            Unlock ordering in your profile
          </a>
        )}
        <a class={locked ? 'button secondary' : 'button'} href={hrefTo('/orders')}>
          See your orders
        </a>
      </div>
    </Notice>
  );
}

function sayEnd({ status, cancelReason, evidence }: BoardOrder): string {
  switch (status) {
    case 'confirmed':
      return `is confirmed: ${evidence?.method === 'approval' ? 'approved here' : 'by its code'}`;
    case 'cancelled':
      if (cancelReason === 'not_me')
        return 'is cancelled, and ordering is locked: you said that it was not you';
      return cancelReason === 'staff' ? 'was cancelled by the pizzeria' : 'was cancelled';
    case 'refused':
      return 'was refused after too many wrong codes';
    default:
      return 'ran out of time before it was confirmed';
  }
}
