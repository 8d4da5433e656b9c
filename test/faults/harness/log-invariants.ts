import { isDeepStrictEqual } from 'node:util';
import { StoredEvent, streamOf } from '../../../libs/eventing/event';
import { ChainHead, chainBreak } from '../../../libs/eventing/hash-chain';
import { requestCategory } from '../../../libs/requests/events';
import { Findings } from './findings';
import { Journal, Sent } from './journal';
import { commandIdOfOrder } from './order';

/**
 * Compares what callers were told with what stands in the log.
 *
 * It rests on nothing but the journal, kept outside of the server, and the events as the store gives them.
 */
type ByCommand = ReadonlyMap<string, readonly StoredEvent[]>;

const byCommand = (events: readonly StoredEvent[]): ByCommand => {
  const commands = new Map<string, StoredEvent[]>();
  for (const event of events) {
    const known = commands.get(event.metadata.commandId);
    if (known) known.push(event);
    else commands.set(event.metadata.commandId, [event]);
  }
  return commands;
};

const nameOf = ({ order }: Sent): string => `${order.path} ${order.key}`;

const whatIsMissing = (sent: Sent, found: readonly StoredEvent[]): string =>
  `${nameOf(sent)}: answered ${JSON.stringify(sent.answer)}, in the log ${found.map(({ type }) => type).join(' ') || 'nothing'}`;

/** Every acknowledged order stands in the log once, as its answer says. */
const checkAcknowledged = (sent: Sent, found: readonly StoredEvent[], findings: Findings): void => {
  const { answer, order } = sent;
  if (!answer) return;
  if (order.expects === 'refused') findings.add('wrongly-done', nameOf(sent));
  if (!sent.agrees) findings.add('answers-disagree', `${nameOf(sent)}: ${JSON.stringify(sent.replies)}`);
  if (found.length < answer.events.length) return findings.add('lost', whatIsMissing(sent, found));
  if (found.length > answer.events.length) return findings.add('doubled', whatIsMissing(sent, found));
  const [last, stream] = [found.at(-1), streamOf(requestCategory, answer.number)];
  const isAsAnswered =
    isDeepStrictEqual(
      found.map(({ type }) => type),
      [...answer.events],
    ) &&
    found.every((event) => event.stream === stream) &&
    (!last || (String(last.revision) === answer.revision && String(last.position) === answer.position));
  if (!isAsAnswered) findings.add('other-than-answered', whatIsMissing(sent, found));
};

/** What was refused, or said not to be done, left nothing; what is unknown left all of its events or none. */
const checkOthers = (sent: Sent, found: readonly StoredEvent[], findings: Findings): void => {
  const said = sent.replies.map((reply) => (reply.outcome === 'acknowledged' ? '2xx' : reply.why)).join('; ');
  if (sent.outcome === 'failed') findings.add('failed', `${nameOf(sent)}: ${said}`);
  if (sent.outcome === 'refused' && sent.order.expects === 'done')
    findings.add('wrongly-refused', `${nameOf(sent)}: ${said}`);
  const mayStand = sent.outcome === 'unknown' || sent.outcome === 'failed';
  if (found.length && !mayStand) findings.add('wrongly-done', `${nameOf(sent)}: ${said}`);
  // Each order here makes one event.
  if (found.length > 1) findings.add('doubled', whatIsMissing(sent, found));
};

const isOfProcess = (actor: string): boolean => actor.startsWith('process:');

export const checkJournal = (journal: Journal, events: readonly StoredEvent[], findings: Findings): void => {
  const commands = byCommand(events);
  for (const sent of journal.sent) {
    const found = commands.get(commandIdOfOrder(sent.order)) ?? [];
    if (sent.outcome === 'acknowledged') checkAcknowledged(sent, found, findings);
    else checkOthers(sent, found, findings);
  }
  const known = new Set(journal.sent.map(({ order }) => commandIdOfOrder(order)));
  for (const { stream, revision, metadata } of events)
    // Timers and what follows from them come from nobody's order.
    if (stream.startsWith(`${requestCategory}-`) && !known.has(metadata.commandId) && !isOfProcess(metadata.actor))
      findings.add('unexplained', `event ${revision} of ${stream} comes from no command that was sent`);
};

/** Revisions are dense, ids stand once, and every hash fits. */
export const checkChains = (installation: string, events: readonly StoredEvent[], findings: Findings): void => {
  const heads = new Map<string, ChainHead>();
  const ids = new Set<string>();
  for (const event of events) {
    if (ids.has(event.id)) findings.add('doubled', `event ${event.id} stands twice in the log`);
    ids.add(event.id);
    const broken = chainBreak(heads.get(event.stream), { ...event, installation });
    if (broken)
      findings.add(
        broken.reason === 'revision' ? 'revision' : 'chain',
        `event ${event.revision} of ${event.stream}: ${broken.reason} is ${broken.found} and should be ${broken.expected}`,
      );
    heads.set(event.stream, { revision: event.revision, hash: event.metadata.hash });
  }
};
