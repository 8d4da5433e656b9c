import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Client } from 'pg';
import { createTable, finishTable } from '../../libs/eventing/projections/projection-store.adapter';
import { nextTimer } from '../../libs/eventing/processes/due-timers.query';
import { serviceLevelsProjection } from '../../libs/requests/read-models/service-levels/service-levels.projection';
import { dueAt } from '../../libs/service-levels/calendar';
import { clocksOf } from '../../libs/service-levels/clocks';
import { knownTerms } from '../../libs/service-levels/known-terms';
import { alwaysCalendar, businessHoursCalendar } from '../../libs/service-levels/seeds';
import { ServiceEvent } from '../../libs/service-levels/service-event';
import { launcher } from '../faults/harness/checkout';
import { Started } from './started';
import { quantile } from './statistics';

/** Clocks, timers and back-tests: what a million cases cost. */
const secondsEach = 2;
const callsPerLook = 200;
const looks = 400;
const armed = 1_000_000;
const table = 'bench_armed_timers';

const begin = Date.UTC(2026, 0, 5, 9);
const minute = 60_000;
const at = (minutes: number, revision: number, what: Omit<ServiceEvent, 'at' | 'revision'>): ServiceEvent => ({
  ...{ at: begin + minutes * minute, revision, ...what },
});
/** A case of the middle priority with a wait and a change of team, as many have. */
const history: readonly ServiceEvent[] = [
  at(0, 0, { kind: 'opened', priority: 'P3', team: null }),
  at(5, 1, { kind: 'assigned', team: 'support', assignee: null }),
  at(60, 2, { kind: 'responded', by: 'staff' }),
  at(70, 3, { kind: 'held', waitingFor: 'customer' }),
  at(1_500, 4, { kind: 'resumed' }),
  at(1_600, 5, { kind: 'assigned', team: 'second-line', assignee: null }),
  at(4_000, 6, { kind: 'resolved' }),
];

const perSecond = (work: (call: number) => unknown): number => {
  let calls = 0;
  for (let warm = 0; warm < callsPerLook * 10; warm++) work(warm);
  const began = performance.now();
  while (performance.now() - began < secondsEach * 1000) for (let each = 0; each < callsPerLook; each++) work(calls++);
  return (calls * 1000) / (performance.now() - began);
};

export interface ClockRates {
  readonly evaluations: number;
  readonly dueInOfficeHours: number;
  readonly dueAroundTheClock: number;
}

export const measureClocks = (): ClockRates => ({
  evaluations: perSecond(() => clocksOf(history, knownTerms)),
  dueInOfficeHours: perSecond((call) => dueAt(businessHoursCalendar, begin + call * minute, 86_400)),
  dueAroundTheClock: perSecond((call) => dueAt(alwaysCalendar, begin + call * minute, 86_400)),
});

export interface TimerTimes {
  readonly next: number;
  readonly bare: number;
}

const timesOf = async (call: () => Promise<unknown>): Promise<readonly number[]> => {
  const times: number[] = [];
  for (let look = 0; look < looks; look++) {
    const began = performance.now();
    await call();
    times.push(performance.now() - began);
  }
  return times;
};

/** @throws Error when the database does not find the next one in the index */
const assertIndexed = async (db: Client): Promise<void> => {
  const { rows } = await db.query<{ 'QUERY PLAN': string }>(
    `explain select timer_at from ${table} where timer_at < 'infinity' order by timer_at, key limit 1`,
  );
  const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
  if (!/Index (Only )?Scan/.test(plan)) throw new Error(`the next timer is not found in the index: ${plan}`);
};

export const measureTimers = async (db: Client): Promise<TimerTimes> => {
  await db.query(`drop table if exists ${table}`);
  await createTable(db, serviceLevelsProjection, table);
  try {
    await db.query(
      `insert into ${table} (key, revision, sequence, row, customer, timer_at)
       select 'CSR-' || n, 0, n, '{}', 'c', now() + random() * interval '90 days' from generate_series(1, ${armed}) n`,
    );
    await finishTable(db, serviceLevelsProjection, table);
    await assertIndexed(db);
    const next = await timesOf(() => nextTimer(db, table));
    const bare = await timesOf(() => db.query('select clock_timestamp()'));
    return { next: quantile(next, 0.99), bare: quantile(bare, 0.99) };
  } finally {
    await db.query(`drop table if exists ${table}`);
  }
};

export interface BacktestFigures {
  readonly cases: number;
  readonly seconds: number;
  /** The most that the process held at one time, the database apart. */
  readonly megabytes: number;
}

const peakOf = (pid: number): number => {
  try {
    return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
};

/** The whole command, on an installation without a server: the start of its stores and the report are in the time. */
export const measureBacktest = async (started: Started, dataDirectory: string): Promise<BacktestFigures> => {
  const began = performance.now();
  const command = [launcher, 'cli', 'backtest', '--policy', 'standard', '--changes', '0', '--json'];
  const child = spawn(process.execPath, command, {
    env: { ...process.env, CASEFOLD_DATA: dataDirectory },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const stop = started.later(async () => void child.kill());
  let [text, megabytes] = ['', 0];
  const look = setInterval(() => (megabytes = Math.max(megabytes, peakOf(child.pid ?? 0))), 50);
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  clearInterval(look);
  await stop();
  if (code !== 0) throw new Error(`the back-test ended with ${code}`);
  const { cases }: { cases: number } = JSON.parse(text);
  return { cases, seconds: (performance.now() - began) / 1000, megabytes };
};
