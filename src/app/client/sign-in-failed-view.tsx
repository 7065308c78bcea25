import { Notice } from './notice';
import { hrefTo } from './use-route';

const reasons: Record<string, string> = {
  refused: 'The sign-in was cancelled, took too long, or was started in another window.',
  unavailable: 'The sign-in service does not answer right now. Try again in a moment.',
  'signed-out-here':
    'You are signed out here, but not everybody could be told. On a shared computer, close the browser; then sign in and out again.',
};

/** Where somebody ends whose sign-in or sign-out did not succeed. */
export function SignInFailedView({ reason }: { reason: string | null }) {
  return (
    <Notice title="You are not signed in">
      <p role="alert">{reasons[reason ?? ''] ?? reasons.refused}</p>
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
