import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { npmStart, openFolder } from '../fixtures/npm-start';
import { type PrintedCommand, printedCommands } from '../fixtures/printed-commands';

const defaultPorts = ['7100', '7101', '7102'];
const startCommand = 'npm ci && npm start';

it.each(['README.md', 'docs/api.md'])(
  'B22: %s: each command runs as printed, and so answers',
  async (paper) => {
    const pod = await startPod();
    const commands = printedCommands(await readFile(paper, 'utf8'));
    const tour = commands.filter(({ command }) => command !== startCommand);
    expect(tour.length).toBeGreaterThan(4);

    const outputs = await pod.runAll(tour);
    const answers = tour.map(({ command }, at) => ({ command, output: outputs[at]?.map(withoutChance) }));
    const printed = tour.map(({ command, output }) => ({ command, output: output.map(withoutChance) }));
    expect(answers).toEqual(printed);
  },
);

it('B21: the tours, and the attacks that they suggest, find room within one hour', async () => {
  const pod = await startPod();
  const papers = await Promise.all(['README.md', 'docs/api.md'].map((paper) => readFile(paper, 'utf8')));
  const [tour = [], api = []] = papers.map(printedCommands);
  await pod.runAll(tour.filter(({ command }) => command !== startCommand));
  await pod.runAll(api);
  const order = 'npm run --silent say -- ask pizza on demand to get me a small pizza';
  const outputs = await pod.runAll(Array(6).fill({ command: order, output: [] }));
  for (const output of outputs) expect(output[0]).toContain('I have sent you a code');
});

it('README.md prints what npm start prints', async () => {
  const pod = await startPod();
  const commands = printedCommands(await readFile('README.md', 'utf8'));
  expect(commands.find(({ command }) => command === startCommand)?.output).toEqual(pod.banner);
});

/** A POD of its own, whose ports are told as the usual ones. */
async function startPod() {
  const { folder, remove } = await openFolder();
  onTestFinished(remove);
  const pod = await npmStart(folder);
  onTestFinished(pod.stop);
  const ports = [pod.officeUrl, pod.tenantUrl, pod.echoUrl].map((url) => new URL(url).port);
  const toDefaults = (text: string) => swapPorts(text, ports, defaultPorts);

  return {
    banner: linesOf(toDefaults(pod.banner)),
    /** Runs them in one shell, one after the other, with the Echo's port as the README says. */
    async runAll(commands: readonly PrintedCommand[]): Promise<string[][]> {
      const script = commands.map(({ command }) => `printf '\\n=====\\n'\n${command}\n`).join('');
      const env = { ...process.env, NO_COLOR: '1', ECHO_PORT: ports[2] };
      const { stdout } = await promisify(execFile)('bash', ['-c', swapPorts(script, defaultPorts, ports)], {
        env,
      });
      return stdout
        .split('\n=====\n')
        .slice(1)
        .map((output) => linesOf(toDefaults(output)));
    },
  };
}

function swapPorts(text: string, from: readonly string[], to: readonly string[]): string {
  return text.replace(/(?<=localhost:)\d+/g, (port) => to[from.indexOf(port)] ?? port);
}

/** Without blank lines, and without those that npm puts before what it runs. */
function linesOf(output: string): string[] {
  return output.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('> '));
}

/** Ids, times and codes are others each time. */
function withoutChance(line: string): string {
  return line
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'ID')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
    .replace(/(code is: |"code":"|@localhost #)\d{4,6}/g, '$1CODE');
}
