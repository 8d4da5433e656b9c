import { Command } from 'commander';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { parseInstant } from '../../../libs/platform/http/instant';
import { Problem } from '../../../libs/platform/http/problem';
import { StrictValidation } from '../../../libs/platform/http/validation.pipe';
import { Counts, Group } from '../../../libs/requests/backtests/backtest';
import { changesUsual } from '../../../libs/requests/backtests/backtests-body.http';
import { DraftTerms, Trial } from '../../../libs/requests/backtests/draft-terms.handler';
import { BacktestResult, runBacktest } from '../../../libs/requests/backtests/run-backtest.adapter';
import { ServiceLevelBook } from '../../../libs/service-levels/book.adapter';
import { DraftCalendarBody } from '../../../libs/service-levels/calendar-body.http';
import { DraftPolicyBody } from '../../../libs/service-levels/policy-body.http';
import { Failed, messageOf } from '../failures';
import { Invocation, printJson, printLine } from '../invocation';
import { Progress, progressOf } from '../progress';
import { withSession } from '../session';

interface Options {
  readonly policy: string;
  readonly calendar?: string[];
  readonly from?: string;
  readonly to?: string;
  readonly sequence?: string;
  readonly changes: string;
  readonly json?: boolean;
}

type BodyOf<T> = new () => T;

const bodyIn = async <T>(file: string, metatype: BodyOf<T>): Promise<T> => {
  try {
    const body: unknown = JSON.parse(await readFile(file, 'utf8'));
    return (await new StrictValidation().transform(body, { type: 'body', metatype })) as T;
  } catch (error) {
    throw new Failed('usage', `${file}: ${error instanceof Problem ? faultsIn(error) : messageOf(error)}`);
  }
};

const faultsIn = ({ detail, errors }: Problem): string =>
  errors.map(({ pointer, detail: each }) => `${pointer} ${each}`).join('; ') || detail;

/** A file, or the id of a policy in the book. */
const policyIn = async (named: string): Promise<Trial['policy']> =>
  named.endsWith('.json') ? bodyIn(named, DraftPolicyBody) : named;

const trialOf = async ({ policy, calendar: files = [] }: Options): Promise<Trial> => {
  const calendars = files.map(
    async (file) => [basename(file, '.json'), await bodyIn(file, DraftCalendarBody)] as const,
  );
  return { policy: await policyIn(policy), calendars: Object.fromEntries(await Promise.all(calendars)) };
};

const instant = (name: string, text: string | undefined, otherwise: number): number => {
  if (text === undefined) return otherwise;
  const parsed = parseInstant(text.length === 10 ? `${text}T00:00:00.000Z` : text);
  if (parsed === null) throw new Failed('usage', `--${name} is no instant`);
  return Date.parse(parsed);
};

const number = (name: string, text: string): number => {
  if (!/^\d{1,15}$/.test(text)) throw new Failed('usage', `--${name} is a whole number`);
  return Number(text);
};

const run = async (invocation: Invocation, options: Options): Promise<BacktestResult> => {
  const [trial, from, to] = [
    await trialOf(options),
    instant('from', options.from, Date.UTC(1900, 0, 1)),
    instant('to', options.to, Date.UTC(2400, 0, 1)),
  ];
  const sequence = options.sequence === undefined ? undefined : number('sequence', options.sequence);
  const changesMax = number('changes', options.changes);
  return withSession(invocation, 'backtest', async ({ engine, directory }) => {
    const terms = await new DraftTerms(new ServiceLevelBook(engine.runner), directory).of(trial, invocation.now());
    const { pool } = engine;
    const shown = new Map<string, Progress>();
    try {
      return await runBacktest(
        { terms, from, to, sequence, changesMax },
        {
          ...{ pool, signal: invocation.signal },
          onProgress: ({ phase, done, total }) => {
            const label = phase === 'reading' ? 'events read:' : 'cases judged:';
            const progress = shown.get(phase) ?? progressOf(invocation, label, total);
            shown.set(phase, progress);
            progress.update(done);
          },
        },
      );
    } catch (error) {
      if (invocation.signal.aborted) throw new Failed('interrupted', 'nothing was changed');
      throw error;
    } finally {
      for (const progress of shown.values()) progress.stop();
    }
  });
};

const share = ({ met, missed, breached }: Counts): string => {
  const judged = met + missed + breached;
  return judged ? `${((100 * met) / judged).toFixed(1)} %` : '-';
};

const groupLine = ({ metric, type, priority, team, before, after, changed }: Group): string =>
  [
    `${metric} · ${type} · ${priority} · ${team ?? 'no team'}: met ${share(before)} → ${share(after)}`,
    `${changed} of ${Object.values(before).reduce((sum, count) => sum + count, 0)} clocks judged otherwise`,
  ].join(', ');

const lines = ({
  manifest,
  cases,
  changedCases,
  changedClocks,
  groups,
  changes,
}: BacktestResult): readonly string[] => [
  `${manifest.policy} on ${cases} cases up to event ${manifest.sequence}: ${changedCases} cases and ${changedClocks} clocks change`,
  ...groups.map(groupLine),
  ...changes.map(
    ({ number: of, metric, cycle, before, after }) =>
      `${of} ${metric} ${cycle}: ${before ? `${before.status} ${before.remainingSeconds} s` : 'none'} → ${after ? `${after.status} ${after.remainingSeconds} s` : 'none'}`,
  ),
];

export const declareBacktest = (program: Command, invocation: Invocation): void => {
  program
    .command('backtest')
    .description('try another policy or calendar on the whole past; reads the mirror of the log, changes nothing')
    .requiredOption(
      '--policy <policy>',
      "a file.json as POST …/draft takes it, or a policy's id: its draft, or what is active",
    )
    .option(
      '--calendar <file...>',
      'a file.json as POST …/draft takes it, in place of the calendar that the file is named after',
    )
    .option('--from <instant>', 'cases opened from then on')
    .option('--to <instant>', 'cases opened before then')
    .option('--sequence <number>', 'up to which event of the log; the same one gives the same bytes')
    .option('--changes <number>', 'how many changed clocks are listed', String(changesUsual))
    .option('--json', 'as JSON')
    .action(async (options: Options) => {
      const result = await run(invocation, options);
      if (options.json) printJson(invocation, result);
      else for (const line of lines(result)) printLine(invocation, line);
    });
};
