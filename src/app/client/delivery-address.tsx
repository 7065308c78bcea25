import { useRef, useState } from 'preact/hooks';
import { type Address, faultyLine, formatAddress } from '../../orders/address';
import type { CustomerId } from '../../step-up/customer';
import type { Profile } from '../page-data';
import { Problem, put } from './api';
import { sayProblem } from './problem-words';

interface DeliveryProps {
  profile: Profile;
  changed: (address: Address | undefined) => void;
  report: (problem: unknown) => boolean;
}

/** Where the reader's orders go, and the way to change it: by a form for who has just signed in, else by a new sign-in. */
export function DeliveryAddress({ profile, changed, report }: DeliveryProps) {
  const { address, freshSignIn } = profile;
  return (
    <article>
      <h2>Delivery</h2>
      {address ? (
        <p>
          <strong>Orders go to</strong> {formatAddress(address)}
        </p>
      ) : (
        <p>
          <strong>Orders are for pick-up.</strong> With an address they are brought to you.
        </p>
      )}
      {freshSignIn ? (
        <AddressForm profile={profile} changed={changed} report={report} />
      ) : (
        <SignInAgain to={address ? 'change the address' : 'add an address'} />
      )}
      <p class="small">
        Auth0, the service you sign in with, keeps the address. A change may take a minute; each order says
        where it goes.
      </p>
    </article>
  );
}

function SignInAgain({ to }: { to: string }) {
  return (
    <p>
      <a class="button secondary" href="oidc/start?return=profile&fresh=true">
        Sign in again to {to}
      </a>
    </p>
  );
}

type Lines = Record<keyof Address, string>;

const noLines: Lines = { street: '', city: '', region: '', postalCode: '' };

function AddressForm({ profile: { address, customerId }, changed, report }: DeliveryProps) {
  const [draft] = useState(() => takeDraft(customerId));
  const [lines, setLines] = useState<Lines>(draft ?? { ...noLines, ...address });
  const [fault, setFault] = useState<keyof Address>();
  const [busy, setBusy] = useState(false);
  const [done, setDone] = useState(draft ? 'What you typed is still here. Save it now.' : '');
  const [problem, setProblem] = useState('');
  const form = useRef<HTMLFormElement>(null);

  async function change(to: Lines | undefined, told: string) {
    setBusy(true);
    setDone('');
    setProblem('');
    try {
      changed((await put<Pick<Profile, 'address'>>('profile/address', to)).address);
      setLines(to ?? noLines);
      setDone(told);
    } catch (error) {
      const code = error instanceof Problem ? error.code : '';
      // There is nothing to keep of who wants the address removed.
      if (to && wantsSignIn.has(code)) keepDraft(customerId, to);
      if (!report(error)) setProblem(code);
    }
    setBusy(false);
  }

  function save(event: Event) {
    event.preventDefault();
    const found = faultyLine(lines);
    setFault(found);
    if (found) form.current?.querySelector<HTMLInputElement>(`[name=${found}]`)?.focus();
    else void change(lines, 'The address is saved.');
  }

  const field = (name: keyof Address, label: string, autocomplete: string) => (
    <label>
      {label}
      <input
        name={name}
        value={lines[name]}
        autocomplete={autocomplete}
        maxLength={100}
        required={name !== 'region'}
        aria-invalid={fault === name || undefined}
        aria-describedby={fault === name ? 'address-fault' : undefined}
        onInput={(event) => {
          setLines({ ...lines, [name]: event.currentTarget.value });
          setFault(undefined);
        }}
      />
      {fault === name && (
        <small id="address-fault" class="problem" role="alert">
          {lines[name].trim() === ''
            ? 'This line is needed.'
            : 'Up to 100 characters, none of them invisible: please type this line anew.'}
        </small>
      )}
    </label>
  );

  return (
    <form ref={form} onSubmit={save} class="address" noValidate aria-label="Delivery address">
      {field('street', 'Street, house number, flat', 'address-line1')}
      <div class="grid">
        {field('city', 'City', 'address-level2')}
        {field('region', 'State or province, if any', 'address-level1')}
        {field('postalCode', 'Postal code', 'postal-code')}
      </div>
      <div class="buttons">
        <button type="submit" aria-busy={busy} disabled={busy}>
          Save address
        </button>
        {address && (
          <button
            type="button"
            class="outline secondary"
            disabled={busy}
            onClick={() => change(undefined, 'The address is removed.')}
          >
            Remove address
          </button>
        )}
      </div>
      <p role="status">{done}</p>
      <p class="problem" role="alert">
        {problem && sayTrouble(problem)}
      </p>
      {problem === 'insufficient_user_authentication' && <SignInAgain to="go on" />}
    </form>
  );
}

const wantsSignIn: ReadonlySet<string> = new Set(['insufficient_user_authentication', 'invalid_token']);
const noAnswer: ReadonlySet<string> = new Set(['unreachable', 'upstream_unavailable', 'store_unavailable']);

/** Nothing here is tried again by itself, and what was not answered may have been done. */
function sayTrouble(code: string): string {
  if (noAnswer.has(code)) return 'No answer came: the change may be lost. Try again in a moment.';
  if (code === 'invalid_request') return 'This address cannot be used. Check each line.';
  return sayProblem(code);
}

const draftKey = 'pod-address-draft';

/** What was typed outlives the way to the tenant and back, in this tab and for this customer alone. */
function keepDraft(customerId: CustomerId, lines: Lines): void {
  sessionStorage.setItem(draftKey, JSON.stringify({ customerId, lines }));
}

function takeDraft(customerId: CustomerId): Lines | undefined {
  const kept = JSON.parse(sessionStorage.getItem(draftKey) ?? '{}');
  forgetDraft();
  return kept.customerId === customerId ? kept.lines : undefined;
}

/** For who signs out: nothing typed stays behind. */
export function forgetDraft(): void {
  sessionStorage.removeItem(draftKey);
}
