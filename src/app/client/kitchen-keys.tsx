import { useEffect, useRef, useState } from 'preact/hooks';

const key = 'pod.keys';

/** What a key does in the kitchen, by the key as it is typed. */
export interface KeyAction {
  keys: string[];
  what: string;
  act: () => void;
}

/**
 * The keys of the kitchen. They act while nothing else takes them (a field, a dialog, a browser's own shortcut), and can be
 * switched off (WCAG 2.2, 2.1.4). `?` lists them.
 */
export function KitchenKeys({ actions }: { actions: KeyAction[] }) {
  const [on, setOn] = useState(() => localStorage.getItem(key) !== 'off');
  const dialog = useRef<HTMLDialogElement>(null);
  const latest = useRef(actions);
  latest.current = actions;

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const { target, ctrlKey, metaKey, altKey } = event;
      const isTyping = target instanceof Element && target.closest('input, select, textarea, dialog');
      if (isTyping || ctrlKey || metaKey || altKey || event.repeat) return;
      if (event.key === '?') return dialog.current?.showModal();
      const action = on && latest.current.find(({ keys }) => keys.includes(event.key));
      if (!action) return;
      event.preventDefault();
      action.act();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [on]);

  return (
    <>
      <button type="button" class="outline secondary desk" onClick={() => dialog.current?.showModal()}>
        Keys: ?
      </button>
      <dialog ref={dialog} aria-labelledby="keys-title">
        <article>
          <h2 id="keys-title">Keys of the kitchen</h2>
          <dl class="keys">
            {actions.map(({ keys, what }) => (
              <div key={what}>
                <dt>
                  {keys.map((one) => (
                    <kbd key={one}>{one}</kbd>
                  ))}
                </dt>
                <dd>{what}</dd>
              </div>
            ))}
          </dl>
          <label>
            <input
              type="checkbox"
              checked={on}
              onChange={({ currentTarget: { checked } }) => {
                localStorage.setItem(key, checked ? 'on' : 'off');
                setOn(checked);
              }}
            />
            Use these keys in this browser
          </label>
          <footer>
            <button type="button" onClick={() => dialog.current?.close()}>
              Close
            </button>
          </footer>
        </article>
      </dialog>
    </>
  );
}
