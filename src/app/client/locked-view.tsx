import { useEffect, useState } from 'preact/hooks';
import type { LockedCustomer } from '../page-data';
import { codeOf, getJson } from './api';
import { Away, Loading } from './notice';
import { Clock } from './time';
import type { Report } from './use-live';
import { hrefTo } from './use-route';
import { Contact } from './words';

/** Whose ordering is locked: staff are called by people who wonder why. */
export function LockedView({ report }: { report: Report }) {
  const [locked, setLocked] = useState<LockedCustomer[]>();
  const [problem, setProblem] = useState('');
  const load = async () => {
    setProblem('');
    try {
      setLocked((await getJson<LockedCustomer[]>('orders/locked')).body);
    } catch (error) {
      if (!report(error)) setProblem(codeOf(error));
    }
  };
  useEffect(() => void load(), []);
  if (problem) return <Away code={problem} retry={load} />;
  if (!locked) return <Loading what="who is locked" />;
  return (
    <>
      <h1>Whose ordering is locked</h1>
      <p>
        Too many wrong codes were tried in their name, or they said that an order was not theirs. They unlock
        it themselves: on this page, signed in, under “Profile”. Nobody can do it for them.
      </p>
      {locked.length === 0 && <p class="notice empty">Nobody is locked.</p>}
      <ul class="rows">
        {locked.map(({ customerId, name, contact, orderId, since, disowned }) => (
          <li class="row" key={customerId}>
            <div class="what">
              <strong>{name ?? 'A customer'}</strong> <Contact of={contact} />
              <p class="small">
                {since !== undefined && (
                  <>
                    {disowned ? 'Said “This was not me”' : 'Last wrong code'}: <Clock at={since} />
                  </>
                )}
              </p>
            </div>
            {orderId && <a href={hrefTo(`/orders/${orderId}`)}>Newest order</a>}
          </li>
        ))}
      </ul>
    </>
  );
}
