/** What is known of a request that costs something. */
interface WatchedEffect {
  /** Sends one request, unless `signal` has aborted, and ends it when that does. */
  fetchFor(signal: AbortSignal): typeof fetch;
  /**
   * Whether the request may have been carried out: it was sent and no answer came, or one that does not say (5xx, or a
   * success that nobody can read). False for one that was not sent, or refused by a 4xx.
   */
  mayBeDone(): boolean;
  /** What the request itself failed with: `@auth0/auth0-auth-js` keeps it from its caller. */
  networkError(): unknown;
}

/**
 * Watches a request at the network, where alone it can be seen whether it left: the SDKs tell a refused connection and a
 * dropped one by the same error.
 */
export function watchEffect(fetchIt: typeof fetch): WatchedEffect {
  let mayBeDone = false;
  let networkError: unknown;
  return {
    fetchFor: (signal) => async (input, init) => {
      // The SDK may still have been at its metadata when the turn ended and its caller was told that nothing was done.
      signal.throwIfAborted();
      mayBeDone = true;
      try {
        // In place of the SDK's own signal, whose limit is longer: AbortSignal.any of the two is dear.
        const answer = await fetchIt(input, { ...init, signal });
        mayBeDone = answer.status < 400 || answer.status >= 500;
        return answer;
      } catch (error) {
        networkError = error;
        mayBeDone = !wasNeverSent(error);
        throw error;
      }
    },
    mayBeDone: () => mayBeDone,
    networkError: () => networkError,
  };
}

/** What OpenSSL says of a certificate before anything is sent (node:tls, verify error codes), and of what speaks no TLS. */
const beforeSending =
  /^(CERT_|UNABLE_TO_|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|INVALID_CA|HOSTNAME_MISMATCH|ERR_TLS_CERT_|ERR_SSL_WRONG_VERSION_NUMBER|UND_ERR_CONNECT_TIMEOUT)/;

/** Whether a network error came before the request could leave: no address, no connection, no trust. Else it may have left. */
function wasNeverSent(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { code, syscall, cause, errors } = error as Record<string, unknown>;
  // One error for each address that was tried.
  if (Array.isArray(errors) && errors.length > 0) return errors.every(wasNeverSent);
  if (syscall === 'connect' || syscall === 'getaddrinfo') return true;
  if (typeof code === 'string' && beforeSending.test(code)) return true;
  return wasNeverSent(cause);
}
