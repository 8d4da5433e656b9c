import { Command, InvalidArgumentError, Option } from 'commander';
import { Recorded, streamOf } from '../../../libs/eventing/event';
import { Meaning, meanings } from '../../../libs/eventing/projections/as-of';
import { Opened } from '../../../libs/eventing/unsealer';
import { exceptionCategory, ExceptionEvent } from '../../../libs/exceptions/events';
import { exceptionStateText, ExceptionStep, replayException, staffIn } from '../../../libs/exceptions/replay/replay';
import { requestCategory, RequestEvent } from '../../../libs/requests/events';
import { eventsAsOf, eventsUntil, peopleIn, replay, ReplayEnd, ReplayStep } from '../../../libs/requests/replay/replay';
import { named, ReplayNames, replayText, toldText } from '../../../libs/requests/replay/replay-text';
import { isId } from '../../../libs/teams/handles';
import { categoryOfNumber, everything, exactNumber } from '../case-number';
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
  return new Map(found.flatMap(([id, who]) => (who.status !== 'unknown' ? [[id, who.handle] as const] : [])));
};

const tell = async (session: Session, number: string, { at, asOf, meaning, reveal }: Options): Promise<Told> => {
  const { engine } = session;
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
};

interface ToldException {
  readonly number: string;
  readonly eventsTotal: number;
  readonly steps: readonly Opened<ExceptionStep>[];
  readonly names: ReplayNames;
}

/** Nothing corrects the past of an exception: both meanings differ in the clock that they go by, and in nothing else. */
const exceptionEventsAsOf = (
  events: readonly Recorded<ExceptionEvent>[],
  { at, asOf, meaning }: Options,
): readonly Recorded<ExceptionEvent>[] => {
  if (asOf === undefined) return eventsUntil(events, at);
  if (meaning === 'true') return eventsUntil(events, { instant: asOf });
  return events.filter(({ metadata }) => Date.parse(metadata.recordedAt) <= asOf);
};

const tellException = async (session: Session, number: string, options: Options): Promise<ToldException> => {
  const { engine, directory } = session;
  const stored = await engine.store.read(streamOf(exceptionCategory, number));
  const events = stored.map((event): Recorded<ExceptionEvent> => engine.types.decode(event));
  const told = exceptionEventsAsOf(events, options);
  if (!told.length) throw new Failed('refused', `${number} had no event by then`);
  const steps = replayException(told);
  const [first] = events;
  const customer = first?.type === 'ExceptionOpened' ? first.data.customer : undefined;
  const asked = [...staffIn(steps)].filter((id) => isId(id) && id !== customer);
  const found = await Promise.all(asked.map(async (id) => [id, await directory.staff(id)] as const));
  const handles = new Map(found.flatMap(([id, who]) => (who.status !== 'unknown' ? [[id, who.handle] as const] : [])));
  const opened = await engine.unsealer.open(steps, options.reveal);
  return { number, eventsTotal: events.length, steps: opened, names: { handles, customer } };
};

const exceptionText = ({ number, eventsTotal, steps, names }: ToldException): string =>
  toldText(number, steps, eventsTotal, names, ({ state }) => exceptionStateText(state, (id) => named(names, id)));

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
    .description(
      'tell one case or exception event by event, with the state after each, from the log and not from read models',
    )
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
      const [json, text] = await withSession(invocation, 'replay', async (session): Promise<[object, string]> => {
        const exact = await exactNumber(session.engine, number, everything);
        if (categoryOfNumber(exact) === exceptionCategory) {
          const told = await tellException(session, exact, options);
          const { names, ...rest } = told;
          return [{ ...rest, customer: names.customer ?? null }, exceptionText(told)];
        }
        const told = await tell(session, exact, options);
        return [asJson(told), replayText(told.number, told.steps, told.eventsTotal, told.names)];
      });
      if (options.json) printJson(invocation, json);
      else printLine(invocation, text);
    });
};
