import type { Status } from '../../step-up/action';
import type { Me } from '../page-data';
import { hrefTo } from './use-route';

/** What can be chosen, in the order of the list. No statuses means all of them. */
const choices: Readonly<Record<string, { words: string; statuses: readonly Status[] }>> = {
  open: { words: 'Waiting and confirmed', statuses: ['pending', 'confirmed'] },
  pending: { words: 'Waiting for code', statuses: ['pending'] },
  confirmed: { words: 'Confirmed', statuses: ['confirmed'] },
  ended: { words: 'Cancelled, expired, refused', statuses: ['cancelled', 'expired', 'refused'] },
  all: { words: 'All', statuses: [] },
};

/** What the reader chose to see, as it stands in the address. */
export interface BoardFilter {
  show: string;
  customer?: string;
  /** How that customer is shown: a masked contact. */
  contact?: string;
  archived: boolean;
  after?: string;
}

export function readFilter(params: URLSearchParams): BoardFilter {
  const show = params.get('show') ?? 'open';
  return {
    show: Object.hasOwn(choices, show) ? show : 'open',
    customer: params.get('customer') ?? undefined,
    contact: params.get('contact') ?? undefined,
    archived: params.get('archived') === 'true',
    after: params.get('after') ?? undefined,
  };
}

/** The address of the board with this filter. */
export function hrefToBoard({ show, customer, contact, archived, after }: BoardFilter): string {
  return hrefTo('/orders', {
    show: show === 'open' ? undefined : show,
    customer,
    contact,
    archived: archived ? 'true' : undefined,
    after,
  });
}

/** Where the orders of this filter are read. */
export function boardPath({ show, customer, archived, after }: BoardFilter): string {
  const params = new URLSearchParams({ limit: '50' });
  for (const status of choices[show]?.statuses ?? []) params.append('status', status);
  if (customer) params.set('customer', customer);
  if (archived) params.set('archived', 'true');
  if (after) params.set('after', after);
  return `orders?${params}`;
}

export function BoardFilters({ filter, me }: { filter: BoardFilter; me: Me }) {
  const change = (changes: Partial<BoardFilter>) => {
    location.hash = hrefToBoard({ ...filter, after: undefined, ...changes });
  };
  return (
    <form class="filters" onSubmit={(event) => event.preventDefault()} aria-label="Which orders to show">
      <label>
        <span>Show</span>
        <select value={filter.show} onChange={(event) => change({ show: event.currentTarget.value })}>
          {Object.entries(choices).map(([value, { words }]) => (
            <option key={value} value={value}>
              {words}
            </option>
          ))}
        </select>
      </label>
      <label class="check">
        <input
          type="checkbox"
          checked={filter.archived}
          onChange={(event) => change({ archived: event.currentTarget.checked })}
        />
        Also cleared ones
      </label>
      {me.staff && filter.customer && (
        <button
          type="button"
          class="chip"
          onClick={() => change({ customer: undefined, contact: undefined })}
        >
          Only {filter.contact ?? 'one customer'} <span aria-hidden="true">×</span>
          <span class="hidden"> show every customer again</span>
        </button>
      )}
    </form>
  );
}
