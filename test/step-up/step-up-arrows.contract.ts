import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Action, asOf } from '../../src/step-up/action';
import type { CustomerId } from '../../src/step-up/customer';
import { propose } from '../../src/step-up/propose';
import { prove } from '../../src/step-up/prove';
import { Refusal } from '../../src/step-up/refusal';
import { withdraw } from '../../src/step-up/withdraw';
import { assertProperty } from '../fixtures/assert-property';
import { archiveAll, newCustomerId } from '../fixtures/orders';
import { type OpenStore, proposalOf, type Sample, turnOf } from '../fixtures/step-up';
import { useStepUp } from '../fixtures/use-step-up';

type Move =
  | { what: 'order' | 'place' | 'confirm' | 'archive' }
  /** `nth` is counted from the newest; without it, whichever there is. */
  | { what: 'cancel'; by: 'customer' | 'staff'; nth?: number };
type Cancel = Extract<Move, { what: 'cancel' }>;

const cancelBy = (by: Cancel['by']) => fc.nat(2).map((nth): Move => ({ what: 'cancel', by, nth }));
const aMove = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Move>({ what: 'order' }) },
  { weight: 2, arbitrary: fc.constantFrom<Move>({ what: 'place' }, { what: 'confirm' }) },
  { weight: 2, arbitrary: fc.constant<Move>({ what: 'cancel', by: 'customer' }) },
  { weight: 4, arbitrary: fc.oneof(cancelBy('customer'), cancelBy('staff')) },
  { weight: 1, arbitrary: fc.constant<Move>({ what: 'archive' }) },
);
/** Moves are made at once, each at a door of its own. A number lets time pass: the time to cancel, half of it, or a millisecond. */
const manySteps = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.array(aMove, { minLength: 1, maxLength: 2 }) },
    { weight: 1, arbitrary: fc.constantFrom(1, 0.5, 0) },
  ),
  { minLength: 6, maxLength: 12 },
);

/** No way but the allowed ones leads from state to state. Every store's own test calls it, with a kind that allows them. */
export function stepUpArrows<Terms>(
  name: string,
  open: () => Promise<OpenStore<Terms>>,
  sample: Sample<Terms>,
): void {
  const { cancelWithinMs = 0 } = sample.kind;
  type Actions = Action<Terms>[];
  const byId = (actions: Actions, id: string) => actions.find((action) => action.id === id);

  /** Which of these is cancelled, if any. */
  function cancellable({ by, nth }: Cancel, actions: Actions, now: number): string | undefined {
    const action = actions[nth ?? 0];
    if (action?.status === 'pending') return action.id;
    if (action?.status !== 'confirmed' || action.archivedAt || nth === undefined) return undefined;
    return by === 'staff' || now - action.endedAt <= cancelWithinMs ? action.id : undefined;
  }

  function judgeArrow(before: Action<Terms>, after: Action<Terms> | undefined): void {
    if (before.status === 'pending') return;
    if (before.status === 'confirmed' && !before.archivedAt && after?.status === 'cancelled') {
      expect(after.confirmedAt).toBe(before.endedAt);
      expect(after.archivedAt).toBeUndefined();
      return;
    }
    const { archivedAt, archivedBy } = (before.archivedAt === undefined && after) || before;
    const archived = before.status === 'confirmed' && { archivedAt, archivedBy };
    expect(after).toEqual({ ...before, ...archived });
  }

  describe(`the states of an action on ${name}`, () => {
    const at = useStepUp(open, sample);
    const limits = { ordersPerHour: 1_000, codesPerHour: 1_000, codesPerHourTotal: 100_000 };
    type Door = typeof at.services;

    async function look(customerId: CustomerId): Promise<Actions> {
      const query = { customerId, includeArchived: true, includeHidden: true, limit: 50 };
      const { actions } = await at.services.store.list(query);
      return actions.map((action) => asOf(action, at.stepUp.now()));
    }

    /** @returns the action that was cancelled, or why not; nothing of any other move */
    async function make(door: Door, move: Move, customerId: CustomerId, actions: Actions) {
      const turn = turnOf(customerId);
      const idOf = (nth = 0) => actions[nth]?.id ?? randomUUID();
      const confirm = (actionId: string) =>
        prove(door, { ...turn, actionId, code: at.rightCode(customerId), prover: { door: 'api' } });
      const place = () => propose(door, { ...turn, ...proposalOf(sample.kind, sample.someTerms[0]) });
      try {
        if (move.what === 'place') await place();
        if (move.what === 'order') await confirm((await place()).id);
        if (move.what === 'confirm') await confirm(idOf());
        if (move.what === 'archive') await archiveAll(door.store, door.clock(), customerId);
        if (move.what !== 'cancel') return undefined;
        const actionId = move.nth === undefined ? undefined : idOf(move.nth);
        return await withdraw(door, { ...turn, by: move.by, actionId });
      } catch (error) {
        if (error instanceof Refusal) return move.what === 'cancel' ? error : undefined;
        throw error;
      }
    }

    function judgeTold(customerId: CustomerId, actions: Actions): void {
      const told = at.stepUp.events.filter((event) => event.customerId === customerId);
      const times = (id: string, status: string) =>
        told.filter((event) => 'status' in event && event.actionId === id && event.status === status).length;
      for (const action of actions) {
        const wasConfirmed = action.status === 'confirmed' || 'confirmedAt' in action;
        expect(times(action.id, 'confirmed')).toBe(wasConfirmed ? 1 : 0);
        expect(times(action.id, 'cancelled')).toBe(action.status === 'cancelled' ? 1 : 0);
      }
    }

    it('change as they may and no other way, whatever two doors do at once', async () => {
      const another = await at.another();
      const doors = [at.services.store, another ?? at.services.store].map(
        (store): Door => ({ ...at.services, store, limits }),
      );
      const seen = { takenBack: 0, tooLate: 0, lost: 0 };
      const live = async (steps: (Move[] | number)[]) => {
        const customerId = newCustomerId();
        for (const step of steps) {
          if (typeof step === 'number') {
            at.stepUp.pass(step * cancelWithinMs || 1);
            continue;
          }
          const before = await look(customerId);
          const outcomes = await Promise.all(
            step.map((move, index) => make(doors[index] as Door, move, customerId, before)),
          );
          const after = await look(customerId);
          for (const action of before) judgeArrow(action, byId(after, action.id));

          const [only] = step;
          if (only?.what === 'cancel' && step.length === 1) {
            const [outcome] = outcomes;
            const cancelled = outcome instanceof Refusal ? undefined : outcome?.id;
            expect(cancelled).toBe(cancellable(only, before, at.stepUp.now()));
          }
          const cancelled = outcomes.filter((outcome) => outcome && !(outcome instanceof Refusal)) as Actions;
          for (const action of cancelled) expect(byId(after, action.id)).toEqual(action);
          expect(new Set(cancelled.map(({ id }) => id)).size).toBe(cancelled.length);
          seen.takenBack += cancelled.filter((action) => 'confirmedAt' in action).length;
          for (const refusal of outcomes) {
            if (!(refusal instanceof Refusal)) continue;
            expect(refusal.code).toMatch(/^(order_\w+|nothing_pending|not_found)$/);
            if (refusal.code === 'order_already_confirmed') seen.tooLate += 1;
            if (!('action' in refusal.details) || !refusal.details.action) continue;
            const { id, status } = refusal.details.action;
            expect([byId(before, id)?.status, byId(after, id)?.status]).toContain(status);
            if (cancelled.some((action) => action.id === id)) seen.lost += 1;
          }
        }
        judgeTold(customerId, await look(customerId));
      };
      await assertProperty(fc.asyncProperty(manySteps, live), { numRuns: 25 });
      for (const times of Object.values(seen)) expect(times).toBeGreaterThan(0);
      expect(seen.takenBack).toBeGreaterThan(10);
      await another?.close();
    });
  });
}
