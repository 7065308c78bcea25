/** What one check found. */
export interface Finding {
  /** `settings`, `auth0`, `public url`, `account linking`, `database`, `mail`, `pusher`, `clock`. */
  area: string;
  /** What could not be checked is neither. */
  state: 'ok' | 'fault' | 'unchecked';
  /** In one line. It never holds a secret. */
  text: string;
  /** What to do about it. */
  cure?: string;
}

/** Makes the findings of one area. */
export function findingsOf(area: string) {
  return {
    ok: (text: string): Finding => ({ area, state: 'ok', text }),
    fault: (text: string, cure: string): Finding => ({ area, state: 'fault', text, cure }),
    unchecked: (text: string, cure: string): Finding => ({ area, state: 'unchecked', text, cure }),
  };
}

/** The last reason in a chain of errors, which is the telling one. */
export function reasonOf(error: unknown): string {
  const { cause, message, code } = error as Error & { code?: string };
  return cause ? reasonOf(cause) : ((message || code || String(error)).split('\n')[0] as string);
}
