import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openSigningChain } from '../local/echo/signing-chain';
import { growth } from './growth';
import { cost, memory, overhead, scaling, throughput, tls } from './turn-groups';
import { type Bench, buildApp } from './turns';

const usage = `npm run bench [-- GROUP …] [-- --quick]

  throughput   turns a second against a bare Express route
  overhead     what one turn takes, with 0 and 50 ms of Auth0
  cost         CPU time of a turn, whole and with parts taken out
  tls          the same with Auth0 behind TLS on loopback, and in the process
  growth       an order, the kitchen's view and first pages with 0 to 1,000,000 orders, on SQLite and PostgreSQL
  scaling      1 and 2 processes on one PostgreSQL
  memory       the heap over 100,000 turns
`;

type Row = Record<string, string | number>;
const groups: Record<string, (bench: Bench) => Promise<Row | Row[]>> = {
  throughput,
  overhead,
  cost,
  tls,
  growth,
  scaling,
  memory,
};

void main();

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { quick: { type: 'boolean' }, help: { type: 'boolean' } },
    allowPositionals: true,
  });
  if (values.help || positionals.some((name) => !(name in groups))) return print(usage);
  await buildApp();
  const directory = await mkdtemp(join(tmpdir(), 'pod-bench-'));
  const chain = await openSigningChain({ directory, clock: Date.now });
  const results: Record<string, Row[]> = {};
  for (const name of positionals.length > 0 ? positionals : Object.keys(groups)) {
    process.stderr.write(`${name} …\n`);
    results[name] = [
      (await groups[name]?.({ chain, directory, scale: values.quick ? 0.1 : 1 })) ?? [],
    ].flat();
  }
  await rm(directory, { recursive: true });
  print(JSON.stringify(results, rounded));
  for (const [name, rows] of Object.entries(results)) print(`\n${name}\n${table(rows)}`);
}

function table(rows: readonly Row[]): string {
  const columns = Object.keys(rows[0] ?? {});
  const cells = rows.map((row) => columns.map((column) => String(rounded('', row[column]))));
  const widths = columns.map((column, index) =>
    Math.max(column.length, ...cells.map((row) => row[index]?.length ?? 0)),
  );
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join(' | ')} |`;
  return [line(columns), line(widths.map((width) => '-'.repeat(width))), ...cells.map(line)].join('\n');
}

function rounded(_key: string, value: unknown): unknown {
  return typeof value === 'number' ? Number(value.toPrecision(3)) : value;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
