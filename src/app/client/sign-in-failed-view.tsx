import { Notice } from './notice';
import { hrefTo } from './use-route';

/** Where a sign-in ends that did not succeed. */
export function SignInFailedView({ reason }: { reason: string | null }) {
  return (
    <Notice title="You are not signed in">
      <p role="alert">
        {reason === 'unavailable'
          ? 'The sign-in service does not answer right now. Try again in a moment.'
          : 'The sign-in was cancelled, took too long, or was started in another window.'}
      </p>
      <div class="actions">
        <a class="button" href="oidc/start">
          Sign in again
        </a>
        <a class="button secondary" href={hrefTo('/orders')}>
          Back to the start
        </a>
      </div>
    </Notice>
  );
}
