import { ConfigError, readSettings, togetherFaults } from '../../src/settings-table';
import { reasonOf } from '../doctor/finding';
import type { SettingsFiles } from '../settings-files';
import { NoAnswer, type Terminal } from './open-terminal';
import { type Question, type Topic, topics } from './topics';

interface Asked {
  files: SettingsFiles;
  terminal: Terminal;
  fetch: typeof fetch;
}

/**
 * Asks for what only a person knows, verifies each answer, and keeps it at once. What was answered before is asked for again only
 * when it shall be changed or is right no more; what the environment says is never asked for.
 * @throws NoAnswer, and ConfigError for what is wrong in the environment
 */
export async function askSettings(asked: Asked): Promise<void> {
  const { files, terminal } = asked;
  const isKept = await showKept(files, terminal);
  for (const topic of topics) {
    if (topic.matters?.(files.read()) === false) continue;
    if (isKept && isAnswered(files, topic)) {
      const fault = await findFault(topic, asked);
      if (!fault) continue;
      terminal.print(`  ${fault}\n`);
    }
    await askTopic(topic, asked);
  }
}

/**
 * The same where nobody is asked.
 * @throws ConfigError naming all that is missing or malformed, or what the world does not take
 */
export async function verifySettings({ files, fetch: fetchIt }: Omit<Asked, 'terminal'>): Promise<void> {
  readAnswers(files, topics);
  for (const topic of topics) await throwFault(topic, { files, fetch: fetchIt });
}

/** What is still to be answered, by the names of the settings. */
function openSettings(files: SettingsFiles): string[] {
  return topics
    .filter((topic) => !topic.isOptional && !isAnswered(files, topic))
    .flatMap(({ questions }) => questions)
    .filter(({ setting }) => !files.read()[setting.name]?.trim())
    .map(({ setting }) => setting.name);
}

function readAnswers(files: SettingsFiles, asked: readonly Topic[]): void {
  const settingsOf = ({ questions }: Topic) => questions.map(({ setting }) => setting);
  const table = asked.flatMap(settingsOf).map((setting) => [setting.name, setting]);
  readSettings(Object.fromEntries(table), files.read(), (get) =>
    asked.filter(({ isOptional }) => isOptional).flatMap((topic) => togetherFaults(get, settingsOf(topic))),
  );
}

type Verified = Pick<Asked, 'files' | 'fetch'>;

async function findFault(
  { verify }: Topic,
  { files, fetch: fetchIt }: Verified,
): Promise<string | undefined> {
  return verify?.(files.read(), fetchIt).catch(reasonOf);
}

async function throwFault(topic: Topic, verified: Verified): Promise<void> {
  const fault = await findFault(topic, verified);
  if (fault) throw new ConfigError([fault]);
}

function isAnswered(files: SettingsFiles, { questions, matters }: Topic): boolean {
  const texts = files.read();
  return questions.every(({ setting: { name, read, blank } }) => {
    const given = texts[name]?.trim();
    if (given) return read(given) !== undefined;
    // The template has POD's own settings blank, so that for them a blank one is no answer.
    return given === '' && blank !== undefined && !matters;
  });
}

/** What was answered before. @returns whether it shall stay */
async function showKept(files: SettingsFiles, { print, confirm }: Terminal): Promise<boolean> {
  const texts = files.read();
  const known = topics
    .flatMap(({ questions }) => questions)
    .filter(({ setting }) => texts[setting.name]?.trim() && !files.isGiven(setting.name));
  if (known.length === 0) return true;
  print('Answered already:\n');
  for (const { setting, isSecret } of known) {
    print(`  ${setting.name} ${isSecret ? '(a secret, not shown)' : texts[setting.name]}\n`);
  }
  return confirm('Shall it stay like this?');
}

/** Until the answers are right: a fault is told, and they are asked for again. */
async function askTopic(topic: Topic, asked: Asked): Promise<void> {
  const { files, terminal } = asked;
  const open = topic.questions.filter(({ setting }) => !files.isGiven(setting.name));
  if (open.length === 0) {
    readAnswers(files, [topic]);
    return throwFault(topic, asked);
  }
  terminal.print(`\n${topic.title}\n  ${topic.hint}\n`);
  for (;;) {
    for (const [place, question] of open.entries()) {
      const mayBeNone = place === 0 && topic.isOptional === true;
      const answer = await askSetting(question, asked, mayBeNone);
      if (answer !== '') continue;
      // Kept blank: that there is none is an answer, too.
      return files.keep(Object.fromEntries(open.map(({ setting }) => [setting.name, ''])));
    }
    const fault = await findFault(topic, asked);
    if (!fault) return;
    terminal.print(`  ${fault}\n`);
  }
}

/**
 * Asks for one setting until the answer has the right form, and keeps it. What is there is taken by an empty answer.
 * @returns the answer; empty, and not kept, for none
 * @throws NoAnswer
 */
export async function askSetting(
  { setting, text, isSecret = false }: Question,
  { files, terminal }: Pick<Asked, 'files' | 'terminal'>,
  mayBeNone: boolean,
): Promise<string> {
  const present = files.read()[setting.name]?.trim() ?? '';
  const choices = [
    present && `Enter: ${isSecret ? 'the one that is kept' : present}`,
    mayBeNone && (present ? '-: none' : 'Enter: none'),
  ].filter(Boolean);
  const words = choices.length > 0 ? `${text} (${choices.join(', ')})` : text;
  for (;;) {
    const answer = tidy((await terminal.ask(`  ${words}: `, isSecret)) || present);
    if (mayBeNone && (answer === '' || answer === '-')) return '';
    if (answer !== '' && setting.read(answer) !== undefined) {
      await files.keep({ [setting.name]: answer });
      return answer;
    }
    terminal.print(`  It must be ${setting.looksLike}.\n`);
  }

  /** A host is copied from an address bar more often than not. */
  function tidy(answer: string): string {
    return setting.name.endsWith('_DOMAIN') ? answer.replace(/^https:\/\/|\/$/g, '') : answer;
  }
}

/** As `NoAnswer`, with what is still to be answered. */
export function tellOpen(error: unknown, files: SettingsFiles): unknown {
  if (!(error instanceof NoAnswer)) return error;
  const open = openSettings(files);
  return new ConfigError([
    'Stopped. What was answered is kept: npm run setup goes on from here.',
    open.length > 0
      ? `Still to be answered, or to be set in the environment: ${open.join(', ')}.`
      : 'Nothing is missing: npm run setup -- --yes goes on without asking.',
  ]);
}
