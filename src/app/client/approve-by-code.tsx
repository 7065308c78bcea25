import { useState } from 'preact/hooks';
import type { Approval } from '../page-data';
import type { useApproval } from './use-approval';

interface ApproveByCodeProps extends Pick<ReturnType<typeof useApproval>, 'busy' | 'act'> {
  approval: Approval;
}

/** The code instead of an approval, for a phone that offers it here; and another one, which gives more time. */
export function ApproveByCode({
  approval: { codeLength, attemptsLeft = 0, order },
  busy,
  act,
}: ApproveByCodeProps) {
  const [code, setCode] = useState('');
  const [sent, setSent] = useState(false);

  async function submit(event: SubmitEvent) {
    event.preventDefault();
    // Pasted as it stood in the message, with a space or a full stop.
    await act('authorize', { code: code.replace(/\D/g, '') });
    setCode('');
  }

  return (
    <article>
      <form onSubmit={submit}>
        <label for="code">Or enter the {codeLength} digits of your code</label>
        <input
          id="code"
          name="code"
          value={code}
          onInput={({ currentTarget }) => setCode(currentTarget.value)}
          autocomplete="one-time-code"
          inputMode="numeric"
          required
        />
        {attemptsLeft < 3 && (
          <p class="small">{attemptsLeft === 1 ? 'One try is left.' : `${attemptsLeft} tries are left.`}</p>
        )}
        <div class="buttons">
          <button type="submit" class="outline" disabled={busy}>
            Confirm by code
          </button>
          <button
            type="button"
            class="secondary outline"
            disabled={busy}
            onClick={async () => setSent(await act('code'))}
          >
            Send another code
          </button>
        </div>
        <p class="small" role="status">
          {sent
            ? `Another code went to ${order?.contact ?? 'you'}, and there is more time.`
            : 'Another code also gives you more time.'}
        </p>
      </form>
    </article>
  );
}
