import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { codeOf } from './api';
import { sayProblem } from './problem-words';

interface ConfirmDialogProps {
  title: string;
  confirm: string;
  keep: string;
  /** What happens if it is confirmed. A problem it throws is shown, and the dialog stays. */
  act: () => Promise<void>;
  close: () => void;
  children: ComponentChildren;
}

/** Asks before something is done that cannot be undone. */
export function ConfirmDialog({ title, confirm, keep, act, close, children }: ConfirmDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  useEffect(() => dialog.current?.showModal(), []);

  async function confirmed() {
    setBusy(true);
    setProblem('');
    try {
      await act();
      dialog.current?.close();
    } catch (error) {
      setProblem(sayProblem(codeOf(error)));
      setBusy(false);
    }
  }

  return (
    <dialog ref={dialog} onClose={close} aria-labelledby="dialog-title">
      <article>
        <h2 id="dialog-title">{title}</h2>
        {children}
        <p class="problem" role="alert">
          {problem}
        </p>
        <footer>
          <button type="button" class="secondary outline" onClick={() => dialog.current?.close()}>
            {keep}
          </button>
          <button type="button" aria-busy={busy} disabled={busy} onClick={confirmed}>
            {confirm}
          </button>
        </footer>
      </article>
    </dialog>
  );
}
