import type { AttackInfo, AttackOutcome } from '../page-data';
import { type Attack, attempt } from './attack';
import type { AttackWorld } from './attack-world';

export type AttackRunner = ReturnType<typeof createAttackRunner>;

/** Runs attacks by name, one at a time: what POD logs meanwhile is about the one that runs. */
export function createAttackRunner(attacks: readonly Attack[], openWorld: () => AttackWorld) {
  let previous: Promise<unknown> = Promise.resolve();
  return {
    list: (): AttackInfo[] => attacks.map(({ id, name, story, rule }) => ({ id, name, story, rule })),
    /** @returns undefined when there is none of this name */
    run(id: string): Promise<AttackOutcome | undefined> {
      const attack = attacks.find((one) => one.id === id);
      const result = previous.then(() => attack && attempt(attack, openWorld));
      previous = result;
      return result;
    },
  };
}
