import { stdin, stdout } from 'node:process';
import { createInterface } from 'node:readline/promises';
import type { Message } from '../tenant/inbox';
import { type EchoClient, EchoFailed } from './echo-client';
import type { Exchange, SkillAnswer } from './echo-device';
import { findEcho } from './find-echo';

const usage = `Talks to the simulated Echo that npm start starts.

  npm run say -- "get me a large pizza with pepperoni"   says one thing
  npm run say                                            a conversation, line by line
  npm run say -- link phoebe@example.com phoebe-local    links the account of a customer
  npm run say -- unlink                                  as a customer would in the Alexa app

In a conversation, link and unlink are commands too; quit ends it. What reaches the customer's phone is shown.
It finds the Echo that was started last; ECHO_PORT names another one.
`;

const prompt = 'You:   ';
const lookForMessagesEveryMs = 500;

void main(process.argv.slice(2)).catch((error) => {
  if (!(error instanceof EchoFailed)) throw error;
  print(error.message);
  process.exitCode = 1;
});

async function main(words: string[]): Promise<void> {
  if (words.some((word) => word === '--help' || word === '-h')) return print(usage);
  const echo = await findEcho(process.env);
  if (words.length === 0) return converse(echo);
  const phone = openPhone(echo);
  await phone.look();
  print(await obey(echo, words.join(' ')));
  // The code that the answer speaks of is there by now; a mail may come later.
  for (const message of await phone.look()) if (message.code) print(showMessage(message));
}

async function converse(echo: EchoClient): Promise<void> {
  const customer = await echo.linkedAs();
  print(customer ? `The account of ${customer} is linked.` : 'No account is linked yet: link EMAIL PASSWORD');
  print('Say something, for example: open pizza on demand. (quit ends it)');
  const phone = openPhone(echo);
  await phone.look();
  // Nothing may be awaited from here to the loop: lines that come before it would be lost, and the end of them.
  const lines = createInterface({ input: stdin, output: stdout, prompt });
  // Input that is not typed ends before its last lines are answered, and must not be asked for more.
  let isOpen = true;
  lines.once('close', () => {
    isOpen = false;
  });
  const showNews = async () => {
    const news = await phone.look().catch(() => []);
    if (news.length === 0) return;
    // Over the prompt, which is written anew with what has been typed after it.
    print(`${stdout.isTTY ? '\r\u001b[K' : ''}${news.map(showMessage).join('\n')}`);
    if (isOpen) lines.prompt(true);
  };
  const timer = setInterval(showNews, lookForMessagesEveryMs);
  lines.prompt();
  for await (const line of lines) {
    if (/^(quit|q)$/i.test(line.trim())) break;
    if (line.trim()) print(await obey(echo, line).catch(explain));
    await showNews();
    if (isOpen) lines.prompt();
  }
  clearInterval(timer);
  lines.close();
}

/** The linked customer's phone. */
function openPhone(echo: Pick<EchoClient, 'messages'>) {
  const seen = new Set<string>();
  return {
    /** What has arrived since it was looked at before, oldest first. */
    async look(): Promise<Message[]> {
      const news = (await echo.messages()).filter(({ id }) => !seen.has(id)).reverse();
      for (const { id } of news) seen.add(id);
      return news;
    },
  };
}

async function obey(echo: EchoClient, line: string): Promise<string> {
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

function showMessage({ channel, to, subject, text }: Message): string {
  const what = channel === 'sms' ? 'text message' : 'e-mail';
  const lines = [...(subject ? [subject] : []), ...text.trim().split('\n')].filter(
    (line) => line.trim() !== '',
  );
  return `       [${what} to ${to}: ${lines.join('; ')}]`;
}

// A conversation goes on after a password that was mistyped, or an app that was away.
function explain(error: unknown): string {
  if (error instanceof EchoFailed) return error.message;
  throw error;
}

function print(text: string): void {
  stdout.write(`${text}\n`);
}
