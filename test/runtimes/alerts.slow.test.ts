import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { alertFile, alertRules, dashboardQueries } from '../fixtures/monitoring';
import { provideProgram } from '../fixtures/programs';

type Series = Readonly<Record<string, string>>;

/** An hour, a minute at a time, in promtool's words: the first value, and what each minute adds to it. */
const steady = (value: number) => `${value}x60`;
const each = (perMinute: number) => `0+${perMinute}x60`;

const goodEvening: Series = {
  'up{job="pod",instance="a"}': steady(1),
  'pod_store_up{job="pod",instance="a"}': steady(1),
  'pod_store_faults_total{reason="store_full"}': steady(0),
  'pod_store_seconds_bucket{call="transact",le="0.05"}': each(60),
  'pod_store_seconds_bucket{call="transact",le="2.5"}': each(61),
  'pod_store_seconds_bucket{call="transact",le="+Inf"}': each(61),
  'pod_auth0_request_seconds_count{path="/oauth/token",status="200"}': each(60),
  'pod_auth0_request_seconds_count{path="/oauth/token",status="403"}': each(20),
  'pod_auth0_request_seconds_count{path="/oauth/token",status="503"}': each(1),
  'pod_auth0_request_seconds_count{path="/oauth/token",status="0"}': each(1),
  'pod_code_sends_total{outcome="done"}': each(20),
  'pod_code_sends_total{outcome="upstream_unavailable"}': each(1),
  'pod_attempts_total{outcome="done"}': each(18),
  'pod_attempts_total{outcome="wrong_code"}': each(4),
  'pod_refusals_total{door="alexa",reason="signature_mismatch"}': each(1),
  'pod_refusals_total{door="api",reason="upstream_misconfigured"}': steady(0),
  'pod_refusals_total{door="alexa",reason="too_many_codes_in_all"}': steady(0),
  'pod_refusals_total{door="app",reason="internal_error"}': steady(0),
  'pod_turn_seconds_bucket{step="place",le="1"}': each(60),
  'pod_turn_seconds_bucket{step="place",le="7"}': each(61),
  'pod_turn_seconds_bucket{step="place",le="+Inf"}': each(61),
  'pod_mails_total{outcome="failed"}': steady(0),
  'nodejs_eventloop_lag_p99_seconds{job="pod",instance="a"}': steady(0.02),
  'process_start_time_seconds{job="pod",instance="a"}': '100x55 200x5',
};

/** What is otherwise in the hour at whose end an alert fires, and no other. */
const scenes: Readonly<Record<string, Series>> = {
  PodDown: { 'up{job="pod",instance="a"}': '1x50 0x10' },
  PodStoreAway: { 'pod_store_up{job="pod",instance="a"}': '1x55 0x5' },
  PodStoreFull: { 'pod_store_faults_total{reason="store_full"}': '0x57 1x3' },
  PodStoreSlow: { 'pod_store_seconds_bucket{call="transact",le="0.05"}': each(50) },
  PodAuth0Failing: { 'pod_auth0_request_seconds_count{path="/oauth/token",status="0"}': each(20) },
  PodMisconfigured: { 'pod_refusals_total{door="api",reason="upstream_misconfigured"}': '0x55 1x5' },
  PodCodesNotSent: { 'pod_code_sends_total{outcome="upstream_unavailable"}': each(10) },
  PodCodeBudgetSpent: { 'pod_refusals_total{door="alexa",reason="too_many_codes_in_all"}': '0x58 1x2' },
  PodWrongCodes: { 'pod_attempts_total{outcome="wrong_code"}': each(19) },
  PodAlexaRefused: { 'pod_refusals_total{door="alexa",reason="signature_mismatch"}': each(3) },
  PodTurnsSlow: { 'pod_turn_seconds_bucket{step="place",le="1"}': each(30) },
  PodMailsFailed: { 'pod_mails_total{outcome="failed"}': '0x30 1x30' },
  PodBug: { 'pod_refusals_total{door="app",reason="internal_error"}': '0x55 1x5' },
  PodBusy: { 'nodejs_eventloop_lag_p99_seconds{job="pod",instance="a"}': '0.02x50 0.8x10' },
  PodRestarts: { 'process_start_time_seconds{job="pod",instance="a"}': '100x50 200x2 300x2 400x6' },
};

describe('promtool, of the example alerts and the dashboard', async () => {
  const promtool = await provideProgram('promtool', 'prometheus');
  if (!promtool) return void it.skip('needs promtool');

  const run = (...args: string[]) => promisify(execFile)(promtool, args);

  /** promtool takes JSON too, which is YAML. */
  async function fileOf(content: object): Promise<string> {
    const directory = await mkdtemp(join(tmpdir(), 'pod-promtool-'));
    onTestFinished(() => rm(directory, { recursive: true }));
    const path = join(directory, 'file.yml');
    await writeFile(path, JSON.stringify(content));
    return path;
  }

  it('takes the alerts as a rule file', async () => {
    const { stdout } = await run('check', 'rules', '--lint=all', '--lint-fatal', alertFile);
    expect(stdout).toContain(`SUCCESS: ${alertRules.length} rules found`);
  });

  it('is given a scene for every alert', () => {
    expect(Object.keys(scenes)).toEqual(alertRules.map(({ alert }) => alert));
  });

  it('sees each alert fire in its scene, alone, and none on a good evening', async () => {
    const inHour = (name: string, changed: Series, firing: string[]) => ({
      name,
      interval: '1m',
      input_series: Object.entries({ ...goodEvening, ...changed }).map(([series, values]) => ({
        series,
        values,
      })),
      promql_expr_test: [
        {
          expr: 'count by (alertname) (ALERTS{alertstate="firing"})',
          eval_time: '1h',
          exp_samples: firing.map((alertname) => ({ labels: `{alertname="${alertname}"}`, value: 1 })),
        },
      ],
    });
    const tests = [
      inHour('a good evening', {}, []),
      ...Object.entries(scenes).map(([alert, changed]) => inHour(alert, changed, [alert])),
    ];
    const file = await fileOf({ rule_files: [resolve(alertFile)], evaluation_interval: '1m', tests });
    const { stdout } = await run('test', 'rules', file).catch((error: { stdout: string; stderr: string }) => {
      throw new Error(`${error.stdout}${error.stderr}`);
    });
    expect(stdout).toContain('SUCCESS');
  });

  it('takes the configuration of compose.yaml, with the alerts beside it', async () => {
    const compose = parse(await readFile('compose.yaml', 'utf8')) as {
      configs: { prometheus: { content: string } };
    };
    const config = parse(compose.configs.prometheus.content) as { rule_files: string[] };
    const file = await fileOf(config);
    await copyFile(alertFile, join(dirname(file), ...config.rule_files));
    const { stdout } = await run('check', 'config', file);
    expect(stdout).toContain('is valid prometheus config file syntax');
    expect(stdout).toContain(`${alertRules.length} rules found`);
  });

  it('understands what the dashboard asks', async () => {
    const rules = dashboardQueries.map(({ expr }, index) => ({ record: `panel_${index}`, expr }));
    const file = await fileOf({ groups: [{ name: 'dashboard', rules }] });
    const { stdout } = await run('check', 'rules', file);
    expect(stdout).toContain(`SUCCESS: ${rules.length} rules found`);
  });
});
