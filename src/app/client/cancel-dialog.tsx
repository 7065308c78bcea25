import { useState } from 'preact/hooks';
import type { BoardOrder } from '../page-data';
import { post } from './api';
import { ConfirmDialog } from './confirm-dialog';
import { callOf, sayPizza } from './words';

interface CancelDialogProps {
  order: BoardOrder;
  close: () => void;
  /** Reads the orders again. */
  look: () => Promise<void>;
}

/** What staff most often say. */
const reasons = ['We are out of something on it.', 'We cannot deliver there.', 'We are about to close.'];

/** Asks before an order is cancelled, and staff for the reason that its customer reads. */
export function CancelDialog({ order, close, look }: CancelDialogProps) {
  const [reason, setReason] = useState('');
  return (
    <ConfirmDialog
      title={`Cancel order ${callOf(order)}?`}
      confirm="Cancel the order"
      keep="Keep it"
      close={close}
      act={async () => {
        const said = reason.trim();
        await post(`orders/${order.id}/cancel`, said ? { reason: said } : {});
        await look();
      }}
    >
      <p>
        {sayPizza(order)}
        {!order.own && order.name && `, for ${order.name}`}.{' '}
        {order.status === 'pending'
          ? 'Its code will no longer work.'
          : 'It is confirmed, and will not be made then.'}
      </p>
      {!order.own && (
        <label>
          Why? The customer is told, by mail where there is an address.
          <input
            list="cancel-reasons"
            maxLength={200}
            value={reason}
            onInput={({ currentTarget }) => setReason(currentTarget.value)}
          />
          <datalist id="cancel-reasons">
            {reasons.map((one) => (
              <option key={one} value={one} />
            ))}
          </datalist>
        </label>
      )}
    </ConfirmDialog>
  );
}
