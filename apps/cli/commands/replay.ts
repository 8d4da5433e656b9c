import { Command, InvalidArgumentError, Option } from 'commander';
import { Recorded, streamOf } from '../../../libs/eventing/event';
import { Meaning, meanings } from '../../../libs/eventing/projections/as-of';
import { Opened } from '../../../libs/eventing/unsealer';
import { requestCategory, RequestEvent } from '../../../libs/requests/events';
import { eventsAsOf, eventsUntil, peopleIn, replay, ReplayEnd, ReplayStep } from '../../../libs/requests/replay/replay';
import { ReplayNames, replayText } from '../../../libs/requests/replay/replay-text';
import { isId } from '../../../libs/teams/handles';
import { exactNumber } from '../case-number';
import { Failed } from '../failures';
import { Invocation, printJson, printLine } from '../invocation';
import { Session, withSession } from '../session';

interface Options {
  readonly at?: ReplayEnd;
  readonly asOf?: number;
  readonly meaning: Meaning;
  readonly reveal: boolean;
  readonly json?: boolean;
}

interface Told {
  readonly number: string;
  readonly eventsTotal: number;
  readonly steps: readonly Opened<ReplayStep>[];
  readonly names: ReplayNames;
}

const instantPattern = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2}))$/;

const end = (text: string): ReplayEnd => {
  if (/^\d{1,9}$/.test(text)) return { revision: Number(text) };
  const instant = instantPattern.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(instant))
    throw new InvalidArgumentError('must be a revision such as 3, or an instant such as 2026-05-01T09:30:00Z');
  return { instant };
};

const instant = (text: string): number => {
  const read = end(text);
  if ('revision' in read) throw new InvalidArgumentError('must be an instant such as 2026-05-01T09:30:00Z');
  return read.instant;
};

/** Handles from the streams of staff and teams: an auditor's view rests on no read model. */
const handlesOf = async (
  { directory }: Session,
  steps: readonly ReplayStep[],
): Promise<ReadonlyMap<string, string>> => {
  const { staff, teams } = peopleIn(steps);
  const asked = [
    ...[...staff].filter(isId).map(async (id) => [id, await directory.staff(id)] as const),
    ...[...teams].filter(isId).map(async (id) => [id, await directory.team(id)] as const),
  ];
  const found = await Promise.all(asked);
  return new Map(found.flatMap(([id, who]) => (who.status === 'active' ? [[id, who.handle] as const] : [])));
};

const tell = (invocation: Invocation, text: string, { at, asOf, meaning, reveal }: Options): Promise<Told> =>
  withSession(invocation, 'replay', async (session) => {
    const { engine } = session;
    const number = await exactNumber(engine, text);
    const stored = await engine.store.read(streamOf(requestCategory, number));
    const events = stored.map((event): Recorded<RequestEvent> => engine.types.decode(event));
    const told = asOf === undefined ? eventsUntil(events, at) : eventsAsOf(events, asOf, meaning);
    if (!told.length) throw new Failed('refused', `${number} had no event by then`);
    const steps = replay(told);
    const [first] = events;
    const customer = first?.type === 'RequestOpened' ? first.data.customer : undefined;
    return {
      number,
      eventsTotal: events.length,
      steps: await engine.unsealer.open(steps, reveal),
      names: { handles: await handlesOf(session, steps), customer },
    };
  });

const asJson = ({ number, eventsTotal, steps, names: { handles, customer } }: Told): object => ({
  number,
  customer: customer ?? null,
  eventsTotal,
  events: steps.map((step) => ({
    ...step,
    actor: { id: step.actor, handle: handles.get(step.actor) ?? null },
    state: {
      ...step.state,
      teamHandle: handles.get(step.state.team ?? '') ?? null,
      assigneeHandle: handles.get(step.state.assignee ?? '') ?? null,
    },
  })),
});

export const declareReplay = (program: Command, invocation: Invocation): void => {
  program
    .command('replay <number>')
    .description('tell one case event by event, with the state after each, from the log and not from read models')
    .option('--at <end>', 'only up to this revision, or to the last event that had happened at this instant', end)
    .addOption(
      new Option('--as-of <instant>', 'the case as of an instant, in one of two meanings')
        .argParser(instant)
        .conflicts('at'),
    )
    .addOption(
      new Option(
        '--meaning <meaning>',
        'recorded: as it stood in the log then; true: as it was then, corrections made since included',
      )
        .choices(meanings)
        .default('recorded'),
    )
    .option('--reveal', 'show personal text as far as its keys still exist (the default)', true)
    .option('--no-reveal', 'withhold personal text')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      `
The number is read forgivingly: case, spaces, dashes and O I L do not matter.
Text of an erased customer shows as [erased], a redacted text as [redacted].
Each state takes in the corrections made up to that event, and none that came later.`,
    )
    .action(async (number: string, options: Options) => {
      const told = await tell(invocation, number, options);
      if (options.json) printJson(invocation, asJson(told));
      else printLine(invocation, replayText(told.number, told.steps, told.eventsTotal, told.names));
    });
};
