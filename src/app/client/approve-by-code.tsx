import { useRef, useState } from 'preact/hooks';
import { Contact } from './words';

interface ApproveByCodeProps {
  codeLength: number;
  /** How many codes may still be tried, where that is known. */
  attemptsLeft?: number;
  /** Where codes go, masked. */
  contact?: string;
  busy: boolean;
  /** Tries the code, or has another one sent. Gives whether that was done. */
  act: (what: 'authorize' | 'code', body?: object) => Promise<boolean>;
}

/** The code instead of an approval, for a phone that offers it here; and another one, which gives more time. */
export function ApproveByCode({ codeLength, attemptsLeft, contact, busy, act }: ApproveByCodeProps) {
  const [code, setCode] = useState('');
  const [sent, setSent] = useState(false);
  const field = useRef<HTMLInputElement>(null);

  async function submit(event: SubmitEvent) {
    event.preventDefault();
    setSent(false);
    // Pasted as it stood in the message, with a space or a full stop.
    const done = await act('authorize', { code: code.replace(/\D/g, '') });
    setCode('');
    if (!done) field.current?.focus();
  }

  return (
    <form class="code" onSubmit={submit}>
      <label for="code">Or enter the {codeLength} digits of your code</label>
      <input
        ref={field}
        id="code"
        name="code"
        value={code}
        onInput={({ currentTarget }) => setCode(currentTarget.value)}
        autocomplete="one-time-code"
        inputMode="numeric"
        required
      />
      {attemptsLeft !== undefined && attemptsLeft < 3 && (
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
        {sent ? (
          <>Another code went to {contact ? <Contact of={contact} /> : 'you'}, and there is more time.</>
        ) : (
          'Another code also gives you more time.'
        )}
      </p>
    </form>
  );
}
