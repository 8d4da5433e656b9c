import { Command, InvalidArgumentError } from 'commander';
import { auditAll, AuditReport, auditSome } from '../../../libs/eventing/audit/audit-log';
import { randomStreams } from '../../../libs/eventing/audit/audit-store.adapter';
import { Auditing } from '../../../libs/eventing/audit/audit-streams.adapter';
import { categoryOf, keyOf, streamOf } from '../../../libs/eventing/event';
import { requestCategory } from '../../../libs/requests/events';
import { attachmentStore } from '../../attachment-store';
import { auditorsOf } from '../../auditors';
import { categories } from '../../domain';
import { exactNumber } from '../case-number';
import { Failed } from '../failures';
import { Invocation, printJson, plainly, printLine } from '../invocation';
import { progressOf } from '../progress';
import { Session, withSession } from '../session';

const sampleMax = 100_000;
const shownMax = 50;

interface Options {
  readonly sample?: number;
  readonly json?: boolean;
}

const count = (text: string): number => {
  const value = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (!(value >= 1 && value <= sampleMax)) throw new InvalidArgumentError(`must be a number from 1 to ${sampleMax}`);
  return value;
};

export const declareAudit = (program: Command, invocation: Invocation): void => {
  program
    .command('audit')
    .argument('[number]', 'one case only')
    .description(
      'fold cases again from the log itself and compare every row, every copy, every hash, every word they are found by and every file with it',
    )
    .option('--sample <count>', 'only so many streams, taken at random', count)
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      `
A server that works does the same beside its work, a little at a time; /health/ready and /metrics say what it found.
Exit code 1 when there is a difference. Rows that differ are folded again by: casefold rebuild; words by: casefold search rekey. A file comes back from a backup.`,
    )
    .action(async (number: string | undefined, { sample, json }: Options) => {
      const report = await withSession(invocation, 'audit', (session) => run(invocation, session, number, sample));
      if (json) printJson(invocation, report);
      else for (const line of linesOf(report)) printLine(invocation, plainly(line));
      const wrong = report.mismatches.length + (isWhole(report) ? 0 : 1);
      if (wrong) throw new Failed('refused', `${wrong} differences from the log`);
    });
};

const isWhole = ({ mirrored }: AuditReport): boolean => !mirrored || mirrored.events === mirrored.expected;

const linesOf = (report: AuditReport): readonly string[] => {
  const { streams, events, mismatches, mirrored, position } = report;
  const verdict = mismatches.length ? `${mismatches.length} differences` : 'all is as the log says';
  const shown = mismatches.slice(0, shownMax);
  return [
    ...shown.map(({ stream, part, detail }) => `${categoryOf(stream)} ${keyOf(stream)}: ${part}: ${detail}`),
    ...(mismatches.length > shown.length ? [`and ${mismatches.length - shown.length} more`] : []),
    ...(isWhole(report) ? [] : [`the mirror has ${mirrored?.events} events, the log ${mirrored?.expected}`]),
    `${events} events in ${streams} streams, compared up to position ${position}: ${verdict}`,
  ];
};

const run = async (
  invocation: Invocation,
  { engine, config }: Session,
  number: string | undefined,
  sample: number | undefined,
): Promise<AuditReport> => {
  const { store, pool } = engine;
  const auditing: Auditing = { store, pool, auditors: auditorsOf(engine, attachmentStore(config), Infinity) };
  const shown = progressOf(invocation, 'streams audited:');
  const onProgress = (done: number): void => {
    if (invocation.signal.aborted) throw new Failed('interrupted', `${done} streams were audited; the others were not`);
    shown.update(done);
  };
  try {
    if (number !== undefined)
      return await auditSome(auditing, [streamOf(requestCategory, await exactNumber(engine, number))], onProgress);
    if (sample !== undefined) return await auditSome(auditing, await randomStreams(pool, sample), onProgress);
    return await auditAll(auditing, categories, onProgress);
  } finally {
    shown.stop();
  }
};
