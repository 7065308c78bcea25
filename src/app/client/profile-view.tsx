import type { ComponentChildren } from 'preact';
import { useCallback, useEffect, useState } from 'preact/hooks';
import type { Channel } from '../../step-up/action';
import type { MaskedContacts, Profile } from '../page-data';
import { codeOf, getJson, post } from './api';
import { DeliveryAddress } from './delivery-address';
import { Away, Loading } from './notice';
import { sayProblem } from './problem-words';

/** The reader's own contact data, whether they may order, and where it goes. */
export function ProfileView({ report }: { report: (problem: unknown) => boolean }) {
  const [profile, setProfile] = useState<Profile>();
  const [problem, setProblem] = useState('');
  const load = useCallback(async () => {
    setProblem('');
    try {
      setProfile((await getJson<Profile>('profile')).body);
    } catch (error) {
      if (!report(error)) setProblem(codeOf(error));
    }
  }, [report]);
  useEffect(() => void load(), [load]);

  if (problem) return <Away code={problem} retry={load} />;
  if (!profile) return <Loading what="your profile" />;
  return (
    <>
      <h1>Profile</h1>
      <Ordering profile={profile} reload={load} report={report} />
      {profile.contacts && (
        <DeliveryAddress
          profile={profile}
          changed={(address) => setProfile((known) => known && { ...known, address })}
          report={report}
        />
      )}
      <Contacts contacts={profile.contacts} reload={load} />
    </>
  );
}

function Contacts({ contacts, reload }: { contacts?: MaskedContacts; reload: () => void }) {
  if (!contacts) {
    return (
      <article>
        <h2>Contact</h2>
        <p>Auth0, which keeps your contact data, does not answer right now.</p>
        <button type="button" class="outline" onClick={reload}>
          Try again
        </button>
      </article>
    );
  }
  return (
    <article>
      <h2>Contact</h2>
      <dl>
        <Fact name="E-mail">{contacts.email ?? 'None'}</Fact>
        <Fact name="Phone">
          {contacts.phone ?? (contacts.phoneUnusable ? 'Not usable as it is written' : 'None')}
        </Fact>
        <Fact name="Codes go to">{sayCodesGoTo(contacts)}</Fact>
      </dl>
      <p class="small">
        Only parts are shown. The full number and e-mail address stay with Auth0, the service you sign in
        with; ask the pizzeria to change them.
      </p>
    </article>
  );
}

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

const ways: Record<Channel, { contact: 'phone' | 'email'; as: string }> = {
  sms: { contact: 'phone', as: 'as a text message' },
  email: { contact: 'email', as: 'as an e-mail' },
};

function sayCodesGoTo(contacts: MaskedContacts): string {
  if (contacts.codesGoTo) {
    const { contact, as } = ways[contacts.codesGoTo];
    return `${contacts[contact]}, ${as}`;
  }
  return `Nowhere: ${whyNowhere(contacts)}, so no order can be confirmed`;
}

function whyNowhere({ phone, phoneUnusable }: MaskedContacts): string {
  if (phoneUnusable) return 'the phone number cannot be used as it is written';
  if (phone) return 'no codes are sent to this phone number';
  return 'there is neither a phone number nor an e-mail address';
}

interface OrderingProps {
  profile: Profile;
  reload: () => Promise<void>;
  report: (problem: unknown) => boolean;
}

function Ordering({ profile, reload, report }: OrderingProps) {
  const [busy, setBusy] = useState(false);
  const [message, setMessage] = useState('');
  async function unlock() {
    setBusy(true);
    try {
      await post('unlock');
      setMessage('Ordering is unlocked. Enjoy your pizza.');
      await reload();
    } catch (error) {
      if (!report(error)) setMessage(sayProblem(codeOf(error)));
    }
    setBusy(false);
  }

  return (
    <article class={profile.locked ? 'locked' : ''}>
      <h2>Ordering</h2>
      {profile.locked ? (
        <>
          <p>
            <strong>Locked.</strong>{' '}
            {profile.disowned
              ? 'You said that an order was not yours. Ask who was near your Echo before you unlock it.'
              : 'Too many wrong codes were tried. If that was not you, somebody near your Echo may be trying to order in your name.'}
          </p>
          {profile.freshSignIn ? (
            <button type="button" aria-busy={busy} disabled={busy} onClick={unlock}>
              Unlock ordering
            </button>
          ) : (
            <a class="button" href="oidc/start?return=profile&fresh=true">
              Sign in again to unlock
            </a>
          )}
        </>
      ) : (
        <p>
          <strong>Open.</strong> You can order, and confirm with the code you are sent.
        </p>
      )}
      <p class="small" role="status">
        {message}
      </p>
    </article>
  );
}
