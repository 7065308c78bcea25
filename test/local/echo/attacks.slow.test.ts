import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { pizzaAttacks } from '../../../local/echo/attacks/pizza-attacks';
import type { AttackInfo, AttackOutcome } from '../../../local/echo/page-data';
import { startTestLocal, type TestLocal } from '../../fixtures/local';
import { startWeakPod } from '../../fixtures/weak-pod';
import { startEcho } from './start-echo';

async function attempt(echoUrl: string, id: string): Promise<AttackOutcome> {
  const response = await fetch(`${echoUrl}/attacks/${id}`, { method: 'POST' });
  expect(response.status).toBe(200);
  return (await response.json()) as AttackOutcome;
}

describe('POD refuses', () => {
  let at: TestLocal;
  beforeAll(async () => {
    at = await startTestLocal();
  });
  afterAll(() => at.close());

  it.each(pizzaAttacks)('$id, and says why', async ({ id, name, rule }) => {
    const outcome = await attempt(at.local.echoUrl, id);
    expect(outcome).toEqual(expect.objectContaining({ id, name, rule, refused: true }));
    expect(outcome.answer).not.toBe('');
    expect(outcome.fault).toBeUndefined();
  });

  it('at least fifteen of them, each with a name, a story and a rule of its own', async () => {
    const response = await fetch(`${at.local.echoUrl}/attacks`);
    const attacks = (await response.json()) as AttackInfo[];
    expect(attacks).toEqual(pizzaAttacks.map(({ id, name, story, rule }) => ({ id, name, story, rule })));
    expect(attacks.length).toBeGreaterThanOrEqual(15);
    for (const member of ['id', 'name', 'story', 'rule'] as const) {
      expect(new Set(attacks.map((attack) => attack[member])).size).toBe(attacks.length);
    }
  });

  it('none that there is not', async () => {
    const response = await fetch(`${at.local.echoUrl}/attacks/charm`, { method: 'POST' });
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({ error: expect.stringContaining('charm') });
  });
});

describe('an attack is called a success', () => {
  it.each(pizzaAttacks)('when it is one: $id', async ({ id }) => {
    const { tenant, startAt } = await startEcho();
    const weak = await startWeakPod(tenant);
    onTestFinished(() => weak.close());
    const outcome = await attempt((await startAt(weak.url)).url, id);
    expect(outcome).toMatchObject({ refused: false, fault: expect.any(String) });
    expect(outcome.fault).not.toContain('could not be tried');
  });

  it.each(pizzaAttacks)('when it is refused without its reason: $id', async ({ id }) => {
    const { tenant, startAt } = await startEcho();
    const weak = await startWeakPod(tenant);
    weak.close();
    const outcome = await attempt((await startAt(weak.url)).url, id);
    expect(outcome).toMatchObject({ refused: false, fault: expect.any(String) });
  });
});
