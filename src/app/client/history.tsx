import type { ComponentChildren } from 'preact';
import type { OrderDetails } from '../page-data';
import { Clock } from './time';
import { Contact, cancelWords, channelWords, ways } from './words';

/** What has happened to an order, in the order of time. */
export function History({ order, now }: { order: OrderDetails; now: number }) {
  const { placedAt, via, channel, contact, attempts, wrongCodesBefore = 0 } = order;
  const { status, confirmedAt, endedAt, cancelReason, cancelledBy, note, doneAt, doneBy } = order;
  const entry = (what: ComponentChildren, at?: number) => (
    <li>
      <span class="when">{at !== undefined && <Clock at={at} now={now} />}</span>
      <span>{what}</span>
    </li>
  );
  return (
    <article aria-labelledby="history-title">
      <h2 id="history-title">History</h2>
      <ol class="history">
        {entry(`Placed ${ways[via]}`, placedAt)}
        {contact &&
          entry(
            <>
              A code was sent {channel && `by ${channelWords[channel]} `}to <Contact of={contact} />
            </>,
          )}
        {attempts > 0 && entry(attempts === 1 ? 'One code was tried' : `${attempts} codes were tried`)}
        {confirmedAt !== undefined && entry(<Proof evidence={order.evidence} />, confirmedAt)}
        {wrongCodesBefore > 0 && entry(`Wrong codes since the order before: ${wrongCodesBefore}`)}
        {doneAt !== undefined && entry(`Done${doneBy ? `, by ${doneBy}` : ''}`, doneAt)}
        {status === 'cancelled' &&
          entry(
            <>
              Cancelled {cancelReason && cancelWords[cancelReason]}
              {cancelledBy && `, by ${cancelledBy}`}
              {note && `: “${note}”`}
            </>,
            endedAt,
          )}
        {status === 'expired' && entry('Expired: no right code came in time', endedAt)}
        {status === 'refused' && entry('Refused, after wrong codes', endedAt)}
      </ol>
    </article>
  );
}

const doorWords = { voice: 'said by voice', api: 'by app', page: 'typed on the page' } as const;

/** What the confirmation rests on. */
function Proof({ evidence }: Pick<OrderDetails, 'evidence'>) {
  // An order of a POD that kept no evidence was proved by its code: there was nothing else.
  if (!evidence) return <>Confirmed by its code</>;
  const { method, door, channel, authTime, amr, termsHash } = evidence;
  return (
    <>
      {method === 'approval' ? 'Approved on the page' : `Confirmed by its code, ${doorWords[door]}`}
      {channel && `, which came by ${channelWords[channel]}`}
      {authTime !== undefined && (
        <>
          ; signed in at <Clock at={authTime} />
          {amr && amr.length > 0 && ` (${amr.join(', ')})`}
        </>
      )}
      {termsHash && (
        <span class="small" title={termsHash}>
          Terms {termsHash.slice(0, 12)}
        </span>
      )}
    </>
  );
}
