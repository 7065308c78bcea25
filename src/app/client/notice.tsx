import type { ComponentChildren } from 'preact';
import { sayProblem } from './problem-words';
import { hrefTo } from './use-route';

interface NoticeProps {
  title: string;
  welcome?: boolean;
  children: ComponentChildren;
}

/** A message in place of the page: what has happened, and how to go on. */
export function Notice({ title, welcome, children }: NoticeProps) {
  return (
    <section class={`notice ${welcome ? 'welcome' : ''}`}>
      <h1>{title}</h1>
      {children}
    </section>
  );
}

export function Loading({ what }: { what: string }) {
  return (
    <section class="notice" aria-busy="true" aria-live="polite">
      Loading {what}…
    </section>
  );
}

interface AwayProps {
  code: string;
  retry: () => void;
  /** Whether it is also tried without being asked to. */
  keepsTrying?: boolean;
}

export function Away({ code, retry, keepsTrying = false }: AwayProps) {
  const isTheAddress = ['forbidden', 'invalid_request', 'not_found'].includes(code);
  return (
    <Notice title={isTheAddress ? 'Not to be seen here' : 'Out of reach'}>
      <p role="alert">
        {sayProblem(code)} {keepsTrying && !isTheAddress && 'The page keeps trying.'}
      </p>
      {isTheAddress ? (
        <a class="button" href={hrefTo('/orders')}>
          Back to the orders
        </a>
      ) : (
        <button type="button" onClick={retry}>
          Try now
        </button>
      )}
    </Notice>
  );
}

export function SignedOut({ expired, goal }: { expired: boolean; goal: string }) {
  // What is approved wants a sign-in of now, and not one that the tenant remembers.
  const fresh = goal === '/approve' && { fresh: 'true' };
  const query = new URLSearchParams({ return: goal.slice(1), ...fresh });
  const signIn = (
    <a class="button" href={`oidc/start?${query}`}>
      Sign in
    </a>
  );
  if (expired) {
    return (
      <Notice title="Your session has ended">
        <p role="alert">You were signed out to keep the orders private. Sign in to go on where you were.</p>
        {signIn}
      </Notice>
    );
  }
  if (goal === '/approve') {
    return (
      <Notice title="Does an order wait for you?">
        <p>Sign in to see it, and to approve it or say that it was not you.</p>
        {signIn}
      </Notice>
    );
  }
  return (
    <Notice title="Say it. Confirm it. Eat it." welcome>
      <p>
        Order a pizza by voice, speak the code you are sent, and it is on its way. Sign in to see orders as
        they happen.
      </p>
      {signIn}
      <ol class="steps">
        <li>“Alexa, ask Pizza on Demand to get me a large pizza with pepperoni.”</li>
        <li>A one-time code reaches your phone or mailbox.</li>
        <li>“Authorize order”, and the digits of your code. Only then is it yours.</li>
      </ol>
    </Notice>
  );
}
