import { Command } from 'commander';
import { streamOf } from '../../../libs/eventing/event';
import { decode } from '../../../libs/eventing/projections/decoding';
import { refold } from '../../../libs/eventing/projections/fold-rows';
import { AnyProjection } from '../../../libs/eventing/projections/projection';
import { requestCategory } from '../../../libs/requests/events';
import {
  AccountabilityRow,
  accountabilityProjection,
} from '../../../libs/requests/read-models/accountability/accountability.projection';
import { explainCase, ExplainedClock } from '../../../libs/requests/read-models/service-levels/explanation';
import { explanationView } from '../../../libs/requests/read-models/service-levels/explanation-view.http';
import {
  ServiceLevelsRow,
  serviceLevelsProjection,
} from '../../../libs/requests/read-models/service-levels/service-levels.projection';
import { exactNumber } from '../case-number';
import { Failed } from '../failures';
import { Invocation, printJson, printLine } from '../invocation';
import { withSession } from '../session';

interface Told {
  readonly number: string;
  readonly clocks: readonly ExplainedClock[];
}

const tell = (invocation: Invocation, text: string): Promise<Told> =>
  withSession(invocation, 'explain', async ({ engine }) => {
    const number = await exactNumber(engine, text);
    const stored = await engine.store.read(streamOf(requestCategory, number));
    const names = new Map(stored.map(({ revision, type }) => [revision, type]));
    const logged = stored.map((event, sequence) => ({ ...event, sequence }));
    const decoded = decode(engine.types, logged);
    const rowOf = (projection: AnyProjection): object => {
      const { row, failure } = refold(projection, number, decoded);
      if (failure || !row?.row) throw new Failed('refused', failure?.error ?? `${number} has no clocks`);
      return row.row;
    };
    // Rows that a projection has folded are of its own type.
    const clocks = rowOf(serviceLevelsProjection) as ServiceLevelsRow;
    const held = rowOf(accountabilityProjection) as AccountabilityRow;
    const eventName = (revision: number): string => names.get(revision) ?? 'event';
    return { number, clocks: explainCase(clocks, held, eventName, invocation.now().getTime()) };
  });

const heldLine = ({ heldBy: { parts, outsideHoursSeconds } }: ExplainedClock): string => {
  const each = parts.map(({ holder, id, countedSeconds, pausedSeconds }) => {
    const who = id === null ? holder : `${holder} ${id}`;
    return `${who} ${countedSeconds} s${pausedSeconds ? ` (and ${pausedSeconds} s standing still)` : ''}`;
  });
  return `It was with: ${[...each, `outside hours ${outsideHoursSeconds} s`].join(', ')}.`;
};

export const declareExplain = (program: Command, invocation: Invocation): void => {
  program
    .command('explain <number>')
    .description('say why each clock of a case stands as it does, from the log and the book, in sentences')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nThe number is read forgivingly: case, spaces, dashes and O I L do not matter.')
    .action(async (text: string, { json }: { readonly json?: boolean }) => {
      const { number, clocks } = await tell(invocation, text);
      if (json) return printJson(invocation, { number, explanations: clocks.map(explanationView) });
      for (const clock of clocks)
        for (const line of [...clock.sentences, heldLine(clock), '']) printLine(invocation, line);
    });
};
