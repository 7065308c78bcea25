import { expect, it } from 'vitest';
import { alertRules, dashboardQueries } from '../fixtures/monitoring';
import { start } from './start-test-server';

/** A sign-in is begun, so that something was asked of Auth0: what it is asked is not known beforehand. */
async function printedMetrics(): Promise<string[]> {
  const { server } = await start();
  await fetch(`${server.url}/app/oidc/start`, { redirect: 'manual' });
  const text = await (await fetch(server.metricsUrl)).text();
  return text.split('\n').filter((line) => line && !line.startsWith('#'));
}

/** The series that an expression asks for, as `name{labels}`, each with the labels that it sums by. */
function seriesIn(expr: string): { selector: string; by: string[] }[] {
  const by = [...expr.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, labels = '']) => labels.split(/,\s*/));
  return [...expr.matchAll(/\b(?:up|(?:pod|nodejs|process)_\w+)\b(?:\{[^}]*\})?/g)].map(([selector]) => ({
    selector,
    by,
  }));
}

function isAskedFor(selector: string, by: readonly string[], line: string): boolean {
  const [, name, matchers = ''] = /^(\w+)(?:\{(.*)\})?$/s.exec(selector) ?? [];
  const [, printedName, labels = ''] = /^(\w+)(?:\{(.*)\})? /.exec(line) ?? [];
  if (name !== printedName) return false;
  const printed = new Map([...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, label, value]) => [label, value]));
  return (
    by.every((label) => printed.has(label)) &&
    [...matchers.matchAll(/(\w+)(=~?)"([^"]*)"/g)]
      // Prometheus adds the name of the job.
      .filter(([, label]) => label !== 'job')
      .every(([, label, operator, wanted = '']) => {
        const value = printed.get(label);
        return operator === '=' ? value === wanted : new RegExp(`^(?:${wanted})$`).test(value ?? '');
      })
  );
}

const asked = [
  ...alertRules.map(({ alert, expr }) => ({ where: alert, expr })),
  ...dashboardQueries.map(({ title, expr }) => ({ where: `dashboard: ${title}`, expr })),
];

it('prints each metric, with the labels, that the example alerts and the dashboard ask for', async () => {
  // Whether it reached a process Prometheus says itself.
  const lines = ['up 1', ...(await printedMetrics())];
  const series = asked.flatMap(({ where, expr }) => seriesIn(expr).map((one) => ({ where, ...one })));
  expect(new Set(series.map(({ where }) => where))).toEqual(new Set(asked.map(({ where }) => where)));
  const unknown = series.filter(({ selector, by }) => !lines.some((line) => isAskedFor(selector, by, line)));
  expect(unknown).toEqual([]);
});
