import { useState } from 'preact/hooks';
import type { AttackInfo, AttackOutcome } from '../page-data';
import { Fault, getJson, post } from './api';

type Result = AttackOutcome | { fault: string; refused: false; answer: '' };

/** Named attempts on this POD, each of which really runs. */
export function AttackDrawer() {
  const [attacks, setAttacks] = useState<AttackInfo[]>();
  const [results, setResults] = useState<Readonly<Record<string, Result>>>({});
  const [running, setRunning] = useState<string>();
  const [fault, setFault] = useState<string>();

  async function open(isOpen: boolean): Promise<void> {
    if (!isOpen || attacks) return;
    try {
      setAttacks((await getJson<AttackInfo[]>('attacks')).body);
      setFault(undefined);
    } catch (error) {
      setFault(explain(error));
    }
  }

  async function attempt(id: string): Promise<void> {
    setRunning(id);
    const failed = (error: unknown): Result => ({ fault: explain(error), refused: false, answer: '' });
    const result = await post<AttackOutcome>(`attacks/${id}`).catch(failed);
    setResults((before) => ({ ...before, [id]: result }));
    setRunning(undefined);
  }

  async function attemptAll(): Promise<void> {
    setResults({});
    for (const { id } of attacks ?? []) await attempt(id);
  }

  const done = Object.values(results);
  const refused = done.filter((result) => result.refused).length;
  return (
    <details class="panel wide-panel attacks" onToggle={({ currentTarget }) => open(currentTarget.open)}>
      <summary>
        <h2>Be the attacker</h2>{' '}
        <span class="small">
          attempts on this POD, with customers made for each; npm run attack does the same
        </span>
      </summary>
      {fault && (
        <p role="alert" class="fault">
          {fault}
        </p>
      )}
      {attacks?.length === 0 && <p class="empty">There are no attacks on this skill.</p>}
      {attacks && attacks.length > 0 && (
        <>
          <div class="attack-tools">
            <button type="button" disabled={running !== undefined} onClick={attemptAll}>
              Try all {attacks.length}
            </button>
            <p role="status">
              {done.length > 0 && (
                <span class={`verdict ${refused === done.length ? 'good' : 'bad'}`}>
                  {refused} of {done.length} refused
                </span>
              )}
            </p>
          </div>
          <ul class="attack-list">
            {attacks.map((attack) => (
              <AttackItem
                key={attack.id}
                attack={attack}
                result={results[attack.id]}
                isRunning={running === attack.id}
                isBusy={running !== undefined}
                attempt={() => void attempt(attack.id)}
              />
            ))}
          </ul>
        </>
      )}
    </details>
  );
}

interface AttackItemProps {
  attack: AttackInfo;
  result: Result | undefined;
  isRunning: boolean;
  isBusy: boolean;
  attempt(): void;
}

function AttackItem({ attack: { name, story, rule }, result, isRunning, isBusy, attempt }: AttackItemProps) {
  return (
    <li class={result && (result.refused ? 'refused-attack' : 'red')}>
      <div class="attack-head">
        <h3>{name}</h3>
        {result && (
          <span class={`verdict ${result.refused ? 'good' : 'bad'}`}>
            {result.refused ? 'Refused' : 'Not refused'}
          </span>
        )}
        <button
          type="button"
          class="secondary outline"
          disabled={isBusy}
          aria-busy={isRunning}
          onClick={attempt}
        >
          Try<span class="hidden"> to {name.charAt(0).toLowerCase() + name.slice(1)}</span>
        </button>
      </div>
      <p>{story}</p>
      {result && (
        <div role="status">
          {result.answer && <blockquote>{result.answer}</blockquote>}
          <p class="rule">
            {result.fault ? <strong>{result.fault}</strong> : null} Rule: {rule}
          </p>
        </div>
      )}
    </li>
  );
}

function explain(error: unknown): string {
  if (error instanceof Fault) return error.message;
  throw error;
}
