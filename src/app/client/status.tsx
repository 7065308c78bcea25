import type { Status as StatusOfOrder } from '../../step-up/action';

const statusWords: Record<StatusOfOrder, string> = {
  pending: 'Waiting for code',
  confirmed: 'Confirmed',
  cancelled: 'Cancelled',
  expired: 'Expired',
  refused: 'Refused',
};

// Shapes besides colours, for those who cannot tell the colours apart.
const marks: Record<StatusOfOrder, string> = {
  pending: 'M8 3v5l3 2M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13z',
  confirmed: 'm3 8.5 3.5 3.5L13 4.5',
  cancelled: 'm4 4 8 8m0-8-8 8',
  expired: 'M4 2h8M4 14h8M5 2c0 5 6 6 6 12M11 2c0 5-6 6-6 12',
  refused: 'M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13zM3.5 12.5l9-9',
};

/** Where an order stands, in a word and a shape. */
export function Status({ status, done = false }: { status: StatusOfOrder; done?: boolean }) {
  return (
    <span class={`status ${status}`}>
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <path d={marks[status]} />
      </svg>
      {done ? 'Done' : statusWords[status]}
    </span>
  );
}
