import { createInterface as createLines } from 'node:readline';
import { createInterface } from 'node:readline/promises';
import { type Readable, Writable } from 'node:stream';

/** Nobody answers any more: Ctrl-C or Ctrl-D, or the answers that were piped in are at their end. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';

  constructor(options?: ErrorOptions) {
    super('Nobody answers any more.', options);
  }
}

/** What was to be changed shall not be. */
export class Declined extends Error {
  override readonly name = 'Declined';

  constructor() {
    super('Nothing was changed. npm run setup goes on from here.');
  }
}

/** Who sets POD up: a person, or a file of answers. */
export interface Terminal {
  print(text: string): void;
  /**
   * Asks for a line. A secret is not shown.
   * @throws NoAnswer
   */
  ask(question: string, isSecret?: boolean): Promise<string>;
  /** Whether it shall be done; Enter is yes. */
  confirm(question: string): Promise<boolean>;
  close(): void;
}

type Input = Readable & { isTTY?: boolean };

/**
 * A terminal, or a pipe with an answer in each line.
 * @param input where answers come from
 */
export function openTerminal(input: Input, output: Writable): Terminal {
  const print = (text: string) => void output.write(text);
  const { readLine, close } = input.isTTY ? readTyped(input, output) : readPiped(input, print);
  const confirm = async (question: string): Promise<boolean> => {
    const answer = (await readLine(`${question} [Y/n] `, false)).trim();
    if (/^(y|yes|)$/i.test(answer)) return true;
    return /^(n|no)$/i.test(answer) ? false : confirm(question);
  };
  return {
    print,
    ask: async (question, isSecret = false) => (await readLine(question, isSecret)).trim(),
    confirm,
    close,
  };
}

/** An interface for each question: between them the terminal is in its usual state, and Ctrl-C ends what runs. */
function readTyped(input: Input, output: Writable) {
  async function readLine(question: string, isSecret: boolean): Promise<string> {
    const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
    if (isSecret) output.write(question);
    const lines = createInterface({ input, output: isSecret ? nowhere : output, terminal: true });
    const gone = new Promise<never>((_resolve, reject) => {
      lines.once('SIGINT', () => lines.close());
      lines.once('close', reject);
    });
    try {
      return await Promise.race([lines.question(isSecret ? '' : question), gone]);
    } catch (cause) {
      if (!isSecret) output.write('\n');
      throw new NoAnswer({ cause });
    } finally {
      lines.close();
      if (isSecret) output.write('\n');
    }
  }
  return { readLine, close: () => {} };
}

/** One reader for all lines: they may have come before they are asked for. */
function readPiped(input: Input, print: (text: string) => void) {
  const lines = createLines({ input });
  const answers = lines[Symbol.asyncIterator]();
  async function readLine(question: string, isSecret: boolean): Promise<string> {
    print(question);
    const { value, done } = await answers.next();
    print(`${isSecret || done ? '' : value}\n`);
    if (done) throw new NoAnswer();
    return value;
  }
  return { readLine, close: () => lines.close() };
}
