import type { ActionKind } from '../../src/step-up/action';
import { createSqliteStore } from '../../src/stores/sqlite';
import type { OpenStore } from '../fixtures/step-up';
import { stepUpApproval } from './step-up-approval.contract';
import { stepUpArrows } from './step-up-arrows.contract';
import { stepUpCancelling } from './step-up-cancelling.contract';
import { stepUpLimits } from './step-up-limits.contract';
import { stepUpMeaning } from './step-up-meaning.contract';
import { stepUpNotices } from './step-up-notices.contract';
import { stepUpRaces } from './step-up-races.contract';
import { stepUpRules } from './step-up-rules.contract';
import { stepUpTerms } from './step-up-terms.contract';

/** The smallest kind there can be: its terms are a number. */
const number: ActionKind<number> = {
  parse(json) {
    if (typeof json === 'number') return json;
    throw new Error('The terms are no number.');
  },
  describe: (terms) => `number ${terms}`,
  cancelWithinMs: 30_000,
};

async function openInMemory(): Promise<OpenStore<number>> {
  const store = createSqliteStore(':memory:', number);
  return { store, reopen: async () => store, dispose: () => store.close() };
}

const sample = { kind: number, someTerms: [1, 2] } as const;
stepUpRules('memory', openInMemory, sample);
stepUpRaces('memory', openInMemory, sample);
stepUpMeaning('memory', openInMemory, sample);
stepUpNotices('memory', openInMemory, sample);
stepUpLimits('memory', openInMemory, sample);
stepUpTerms('memory', openInMemory, sample);
stepUpCancelling('memory', openInMemory, sample);
stepUpApproval('memory', openInMemory, sample);
stepUpArrows('memory', openInMemory, sample);
