import { Status } from '../../../src/app/client/status';
import { sayRemaining, useNow } from '../../../src/app/client/time';
import type { BoardItem } from '../page-data';

/** The pizzeria's board in small: what everybody ordered last. */
export function BoardView({ board }: { board: readonly BoardItem[] }) {
  const now = useNow(1_000);
  return (
    <section class="panel" aria-labelledby="board-title">
      <div class="panel-head">
        <h2 id="board-title">The pizzeria’s board</h2>
        <span class="small live">Live</span>
      </div>
      {board.length === 0 && <p class="empty">No orders yet.</p>}
      <ul class="board" aria-label="Orders, newest first">
        {board.map(({ id, what, status, contact, expiresAt }) => (
          <li key={id} class={status}>
            <span class="what">{what}</span>
            <Status status={status} />
            <span class="small">
              {contact}
              {expiresAt !== undefined && `, ${sayRemaining(expiresAt, now)} left`}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
