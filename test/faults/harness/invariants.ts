import { setTimeout as sleep } from 'node:timers/promises';
import { storedEvent } from '../../../libs/eventing/event-store.adapter';
import { StoredEvent } from '../../../libs/eventing/event';
import { readProgress } from '../../../libs/eventing/projections/projection-store.adapter';
import { readConfig } from '../../../libs/platform/config/config';
import { openStores } from '../../../libs/platform/embedded/stores';
import { Engine } from '../../../libs/platform/engine/engine';
import { requestProjections } from '../../../libs/requests/read-models/projections';
import { Findings } from './findings';
import { Bearer, Installation } from './installation';
import { Journal, Sent } from './journal';
import { checkChains, checkJournal } from './log-invariants';
import { leftAfter } from './process-tree';
import { checkReadModels } from './read-model-invariants';

/**
 * The one program that says whether a run with faults kept every promise. It needs the installation with its server running
 * and the journal of who sent what; afterwards the server is stopped.
 */
const caughtUpMillisecondsMax = 90_000;
const lookEveryMilliseconds = 50;
const resendersMax = 8;
// One that has not begun yet has no row of its own.
const processes = ['register-customer', 'complete-erasure', 'complete-redaction'];
const stopMillisecondsMax = 10_000;
const leftMillisecondsMax = 5_000;

export interface Figures {
  readonly sent: number;
  readonly acknowledged: number;
  readonly refused: number;
  /** Orders that were without an answer at some moment, and those that still were at the end. */
  readonly everUnknown: number;
  readonly unknown: number;
  readonly notDone: number;
  readonly events: number;
}

export interface Verdict {
  readonly figures: Figures;
  readonly findings: Findings;
}

/** Every event that is ours, in the log's order. */
export const wholeLog = async ({ store }: Engine): Promise<StoredEvent[]> => {
  const events: StoredEvent[] = [];
  for await (const resolved of store.client.readAll()) {
    const event = storedEvent(resolved);
    if (event && !event.type.startsWith('$')) events.push(event);
  }
  return events;
};

/** Waits until projections and processes have nothing left to do. @returns whether they came so far in time */
export const caughtUp = async (engine: Engine): Promise<boolean> => {
  for (const deadline = Date.now() + caughtUpMillisecondsMax; Date.now() < deadline;) {
    const [head, { position, sequence }] = [await engine.store.head(), await readProgress(engine.pool)];
    const { rows } = await engine.pool.query<{ done: string }>(
      'select count(*) as done from process_progress where name = any($1) and sequence >= $2',
      [processes, sequence],
    );
    const reacted = Number(rows[0]?.done) === processes.length;
    if (position >= (head ?? -1n) && reacted && head === (await engine.store.head())) return true;
    await sleep(lookEveryMilliseconds);
  }
  return false;
};

/** Sends every order without an answer twice more, with its key, as a caller would who wants to know. */
const resend = async (installation: Installation, orders: readonly Sent[]): Promise<void> => {
  const bearers = await Promise.all(['alice', 'bob', 'carol'].map((handle) => installation.bearer('agent', handle)));
  const byId = new Map<string, Bearer>(bearers.map((bearer) => [bearer.id, bearer]));
  const waiting = [...orders];
  const send = async (): Promise<void> => {
    for (let sent = waiting.shift(); sent; sent = waiting.shift()) {
      const bearer = byId.get(sent.order.actor);
      if (!bearer) throw new Error(`nobody is ${sent.order.actor}`);
      for (let time = 0; time < 2; time++) sent.replies.push(await installation.send(bearer, sent.order));
    }
  };
  await Promise.all(Array.from({ length: resendersMax }, send));
};

const checkResent = (orders: readonly Sent[], findings: Findings): void => {
  for (const { order, replies } of orders) {
    const answers = replies.slice(-2);
    const as = order.expects === 'done' ? 'acknowledged' : 'refused';
    if (answers.some(({ outcome }) => outcome !== as))
      findings.add('answers-disagree', `${order.path} ${order.key}, sent again: ${JSON.stringify(answers)}`);
    if (answers.some((reply, time) => reply.outcome === 'acknowledged' && time === 1 && !reply.replayed))
      findings.add('answers-disagree', `${order.path} ${order.key}: the second answer is no replay`);
  }
};

const nameOf = ({ type, stream, revision, metadata }: StoredEvent): string =>
  `${type} as ${revision} of ${stream} by ${metadata.actor} at ${metadata.recordedAt}`;

/** Which events one log has that another has not, an event that stands twice included. */
const beyond = (log: readonly StoredEvent[], other: readonly StoredEvent[]): readonly StoredEvent[] => {
  const ids = new Set(other.map(({ id }) => id));
  return log.filter(({ id }) => !ids.delete(id));
};

// This check rebuilds tables, which the worker writes down whenever it takes the lead again.
const comesOfChecking = ({ type }: StoredEvent): boolean => type === 'ProjectionRebuilt';

const checkReopened = (found: readonly StoredEvent[], log: readonly StoredEvent[], findings: Findings): void => {
  const [added, missing] = [beyond(found, log).filter((event) => !comesOfChecking(event)), beyond(log, found)];
  if (!added.length && !missing.length) return;
  const names = (events: readonly StoredEvent[]) => events.map(nameOf).join(', ') || 'none';
  findings.add('not-reopened', `of ${log.length} events missing are ${names(missing)}; more there are ${names(added)}`);
};

const checkStop = async (
  installation: Installation,
  log: readonly StoredEvent[],
  findings: Findings,
): Promise<void> => {
  const { code, milliseconds } = await installation.stop();
  if (code !== 0 || milliseconds > stopMillisecondsMax)
    findings.add(
      'not-stopped',
      `exit code ${code} after ${milliseconds} ms: ${installation.server.output.slice(-500)}`,
    );
  for (const command of await leftAfter(installation.data, leftMillisecondsMax)) findings.add('left-behind', command);
  try {
    checkReopened(await installation.beside(wholeLog), log, findings);
    // Also without a look at the log: the directory is nobody's.
    await (await openStores(readConfig({ CASEFOLD_DATA: installation.data }))).stop();
  } catch (error) {
    findings.add('not-reopened', String(error));
  }
  for (const command of await leftAfter(installation.data, leftMillisecondsMax)) findings.add('left-behind', command);
};

export const checkInvariants = async (
  installation: Installation,
  journal: Journal,
  findings = new Findings(),
): Promise<Verdict> => {
  const { installation: name } = await installation.secrets();
  const open = [...journal.with('unknown'), ...journal.with('not-done')];
  const figures = {
    ...{ sent: journal.sent.length, acknowledged: journal.with('acknowledged').length },
    ...{ refused: journal.with('refused').length, everUnknown: journal.everUnknown },
    ...{ unknown: journal.with('unknown').length, notDone: journal.with('not-done').length },
  };
  const log = await installation.beside(async (engine) => {
    // Before anything is sent again: what was said not to be done must not be there.
    checkJournal(journal, await wholeLog(engine), findings);
    await resend(installation, open);
    checkResent(open, findings);
    if (!(await caughtUp(engine))) findings.add('behind', 'the read models do not reach the end of the log');
    const log = await wholeLog(engine);
    checkJournal(journal, log, findings);
    checkChains(name, log, findings);
    await checkReadModels(engine, requestProjections, log, findings);
    return log;
  });
  await checkStop(installation, log, findings);
  return { figures: { ...figures, events: log.length }, findings };
};
