import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { skillId } from '../fixtures/alexa-request';
import { issueAlexaChain, type TestCertificate } from '../fixtures/certificates';
import { expectRefused, launchRequest, now, openScene, type Scene, timestamp } from './verify-request-scene';

let root: TestCertificate;
let intermediate: TestCertificate;
let leaf: TestCertificate;
let scene: Scene;

beforeAll(async () => {
  ({ root, intermediate, leaf } = await issueAlexaChain(now));
});

beforeEach(() => {
  scene = openScene({ root, chain: [leaf, intermediate], signer: leaf });
});

describe('the timestamp of a request', () => {
  it.each([
    ['T01', -149],
    ['T01', -150],
    ['T02', 1],
    ['T02', 149],
  ])('%s is accepted %d seconds from now', async (_id, seconds) => {
    const request = launchRequest({ timestamp: timestamp(seconds) });
    await expect(scene.send(request)).resolves.toBeDefined();
  });

  it.each([
    ['T01', -151],
    ['T03', 152],
    ['T03', 86_400],
  ])('%s is refused %d seconds from now, and nothing is downloaded', async (_id, seconds) => {
    const request = launchRequest({ timestamp: timestamp(seconds) });
    await expectRefused(scene.send(request), 'stale');
    expect(scene.downloads).toEqual([]);
  });

  it.each([
    ['garbage', 'garbage', 'stale'],
    ['a date that is not ISO 8601', 'Tue, 01 Jan 2030 12:00:00 GMT', 'stale'],
    ['a date without a zone', '2030-01-01T12:00:00', 'stale'],
    ['seconds in a string', String(now / 1000), 'stale'],
    ['a number with a unit', `${now}ms`, 'stale'],
    ['hexadecimal', `0x${now.toString(16)}`, 'stale'],
    ['seconds', now / 1000, 'stale'],
    ['a negative number', -now, 'stale'],
    ['true', true, 'malformed'],
    ['a list', [now], 'malformed'],
    ['a day that does not exist', '2030-13-41T12:00:00Z', 'stale'],
    ['missing', undefined, 'malformed'],
    ['null', null, 'malformed'],
  ] as const)('T04 is refused when it is %s', async (_what, value, reason) => {
    await expectRefused(scene.send(launchRequest({ timestamp: value })), reason);
    expect(scene.downloads).toEqual([]);
  });

  it.each(['2030-01-01T12:00:00.000Z', '2030-01-01T14:00:00+02:00'])(
    'T04 is accepted as %s, another way to write now',
    async (value) => {
      await expect(scene.send(launchRequest({ timestamp: value }))).resolves.toBeDefined();
    },
  );

  it.each([
    ['a number', (seconds: number) => now + seconds * 1000],
    ['digits as text', (seconds: number) => String(now + seconds * 1000)],
  ])('A12: may be milliseconds since the epoch, as %s, within the same limits', async (_how, write) => {
    for (const seconds of [-150, 0, 149]) {
      await expect(scene.send(launchRequest({ timestamp: write(seconds) }))).resolves.toBeDefined();
    }
    for (const seconds of [-151, 152, 86_400]) {
      await expectRefused(scene.send(launchRequest({ timestamp: write(seconds) })), 'stale');
    }
  });

  const skillEvent = (seconds: number) =>
    launchRequest({ type: 'AlexaSkillEvent.SkillEnabled', timestamp: timestamp(seconds) });

  it('T05 may be ten minutes old in a skill event, which is delivered again and again', async () => {
    await expect(scene.send(skillEvent(-600))).resolves.toBeDefined();
  });

  it('T05 may not be 61 minutes old in a skill event, nor in its future', async () => {
    await expectRefused(scene.send(skillEvent(-3660)), 'stale');
    await expectRefused(scene.send(skillEvent(152)), 'stale');
  });
});

describe('the skill of a request', () => {
  const ids = (inContext?: string, inSession?: string) => {
    const { context, session, ...rest } = launchRequest();
    return {
      ...rest,
      context: { System: { ...context.System, application: { applicationId: inContext } } },
      session: { ...session, application: { applicationId: inSession } },
    };
  };

  it('A01 is refused when the context names another skill', async () => {
    await expectRefused(scene.send(ids('amzn1.ask.skill.other', skillId)), 'other_skill');
    expect(scene.downloads).toEqual([]);
  });

  it('A02 is refused when the session names another skill than the context', async () => {
    await expectRefused(scene.send(ids(skillId, 'amzn1.ask.skill.other')), 'other_skill');
    expect(scene.downloads).toEqual([]);
  });

  it('A01 is refused when no skill is named', async () => {
    await expectRefused(scene.send(ids()), 'other_skill');
  });

  it('A01 is accepted when only one place names the skill', async () => {
    await expect(scene.send(ids(skillId))).resolves.toBeDefined();
    await expect(scene.send(ids(undefined, skillId))).resolves.toBeDefined();
  });

  it('A01 is not looked at while POD does not know its own skill id', async () => {
    const open = openScene({ root, chain: [leaf, intermediate], signer: leaf, applicationId: null });
    await expect(open.send(ids('amzn1.ask.skill.other'))).resolves.toBeDefined();
  });
});
