import { stdin, stdout } from 'node:process';
import { createInterface } from 'node:readline/promises';
import { createEchoClient, EchoFailed } from './echo-client';
import type { Exchange, SkillAnswer } from './echo-device';

const usage = `Talks to the simulated Echo that npm start starts.

  npm run say -- "get me a large pizza with pepperoni"   says one thing
  npm run say                                            a conversation, line by line
  npm run say -- link phoebe@example.com phoebe-local    links the account of a customer
  npm run say -- unlink                                  as a customer would in the Alexa app

In a conversation, link and unlink are commands too; quit ends it. Codes arrive in the tenant's inbox.
ECHO_PORT says where the Echo is (7102).
`;

const prompt = 'You:   ';
const echo = createEchoClient(`http://localhost:${process.env.ECHO_PORT || 7102}`);

void main(process.argv.slice(2)).catch((error) => {
  if (!(error instanceof EchoFailed)) throw error;
  print(error.message);
  process.exitCode = 1;
});

async function main(words: string[]): Promise<void> {
  if (words.some((word) => word === '--help' || word === '-h')) return print(usage);
  if (words.length > 0) return print(await obey(words.join(' ')));
  await converse();
}

async function converse(): Promise<void> {
  const customer = await echo.linkedAs();
  print(customer ? `The account of ${customer} is linked.` : 'No account is linked yet: link EMAIL PASSWORD');
  print('Say something, for example: open pizza on demand. (quit ends it)');
  const lines = createInterface({ input: stdin, output: stdout, prompt });
  // Input that is not typed ends before its last lines are answered, and must not be asked for more.
  let isOpen = true;
  lines.once('close', () => {
    isOpen = false;
  });
  lines.prompt();
  for await (const line of lines) {
    if (/^(quit|q)$/i.test(line.trim())) break;
    if (line.trim()) print(await obey(line).catch(explain));
    if (isOpen) lines.prompt();
  }
  lines.close();
}

async function obey(line: string): Promise<string> {
  const [command, email, password, ...rest] = line.trim().split(/\s+/);
  if (command === 'unlink' && !email) {
    await echo.unlink();
    return 'No account is linked any more.';
  }
  if (command === 'link') {
    if (!email || !password || rest.length > 0)
      throw new EchoFailed('To link an account: link EMAIL PASSWORD');
    await echo.link(email, password);
    return `The account of ${email} is linked.`;
  }
  return show(await echo.say(line));
}

function show({ speech, response }: Exchange): string {
  const { card, shouldEndSession } = (response.body as SkillAnswer | undefined)?.response ?? {};
  const lines = [`Alexa: ${speech || '(says nothing)'}`];
  if (card?.type === 'LinkAccount') {
    lines.push('       [card in the Alexa app: link your account; here: npm run say -- link EMAIL PASSWORD]');
  } else if (card) {
    lines.push(`       [card in the Alexa app: ${card.title}. ${card.content?.replaceAll('\n', '; ')}]`);
  }
  if (response.status !== 200) lines.push(`       [the app answered with status ${response.status}]`);
  if (shouldEndSession === false) lines.push('       (she is listening)');
  return lines.join('\n');
}

// A conversation goes on after a password that was mistyped, or an app that was away.
function explain(error: unknown): string {
  if (error instanceof EchoFailed) return error.message;
  throw error;
}

function print(text: string): void {
  stdout.write(`${text}\n`);
}
