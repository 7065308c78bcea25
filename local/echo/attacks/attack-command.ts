import { stdout } from 'node:process';
import { type EchoClient, EchoFailed } from '../echo-client';
import { findEcho } from '../find-echo';
import type { AttackOutcome } from '../page-data';

const usage = `Attacks the POD that npm start has started, with customers of its own.

  npm run attack                    tries everything
  npm run attack -- guess replay    tries these
  npm run attack -- --list          says what there is

Fails when an attempt is not refused. ECHO_PORT says where the Echo is, if several run.
`;

void main(process.argv.slice(2)).catch((error) => {
  if (!(error instanceof EchoFailed)) throw error;
  print(error.message);
  process.exitCode = 1;
});

async function main(words: readonly string[]): Promise<void> {
  if (words.some((word) => word === '--help' || word === '-h')) return print(usage);
  const echo = await findEcho(process.env);
  const attacks = await echo.attacks();
  if (words.includes('--list')) {
    return print(attacks.map(({ id, name }) => `${id.padEnd(18)} ${name}`).join('\n'));
  }
  if (attacks.length === 0) throw new EchoFailed('There are no attacks on this skill.');
  const unknown = words.find((word) => !attacks.some(({ id }) => id === word));
  if (unknown) throw new EchoFailed(`There is no attack called ${unknown}: npm run attack -- --list`);
  await attackAll(
    echo,
    attacks.map(({ id }) => id).filter((id) => words.length === 0 || words.includes(id)),
  );
}

async function attackAll(echo: EchoClient, ids: readonly string[]): Promise<void> {
  let refused = 0;
  for (const id of ids) {
    const outcome = await echo.attempt(id);
    if (outcome.refused) refused += 1;
    print(show(outcome));
  }
  print(`${refused} of ${ids.length} refused.`);
  if (refused < ids.length) process.exitCode = 1;
}

function show({ name, story, rule, refused, answer, fault }: AttackOutcome): string {
  return [
    `${paint(refused ? 'refused    ' : 'NOT REFUSED', refused)} ${name}`,
    `    ${story}`,
    ...(answer ? [`    POD: ${answer}`] : []),
    ...(fault ? [`    ${paint(fault, false)}`] : []),
    `    Rule: ${rule}`,
    '',
  ].join('\n');
}

function paint(text: string, isGood: boolean): string {
  if (!stdout.isTTY || process.env.NO_COLOR) return text;
  return `\u001b[${isGood ? 32 : 31}m${text}\u001b[0m`;
}

function print(text: string): void {
  stdout.write(`${text}\n`);
}
