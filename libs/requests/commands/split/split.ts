import { matrixAt, Standing } from '../../../configuration/configuration';
import { refuseFaults, wordFaults } from '../../../configuration/words';
import { Decided } from '../../../eventing/command-runner';
import { Recorded } from '../../../eventing/event';
import { Rejection } from '../../../eventing/rejection';
import { PersonalText } from '../../../eventing/sealed';
import { Classification } from '../../event-values';
import { RequestEvent, RequestEventOf } from '../../events';
import { Request } from '../../request';
import { route, routingFacts } from '../../routing';

type Words = Parameters<typeof wordFaults>[1];

/** A message of the request that is split. */
export interface Message {
  readonly revision: number;
  readonly text: PersonalText;
  readonly by: 'staff' | 'customer';
  readonly author: string;
  readonly writtenAt: string;
}

export interface SplitRequest extends Omit<Classification, 'priority'> {
  /** The request that is split. */
  readonly from: string;
  readonly number: string;
  readonly subject: string;
  readonly description: string;
  readonly team: string | null;
  readonly customer: string;
  readonly messages: readonly Message[];
  /** Which kind of customer it is for, as far as routing asks. */
  readonly segment: string | null;
  /** Those of its words that the split one did not have. */
  readonly words: Words;
}

type Written = Recorded<RequestEventOf<'RequestResponded' | 'RequestMessageCopied'>>;

const isMessage = (event: Recorded<RequestEvent> | undefined): event is Written =>
  event?.type === 'RequestResponded' || event?.type === 'RequestMessageCopied';

const messageOf = ({ type, revision, data, metadata }: Written): Message => ({
  ...{ revision, text: data.text, by: data.by },
  ...(type === 'RequestMessageCopied'
    ? { author: data.author, writtenAt: data.writtenAt }
    : { author: metadata.actor, writtenAt: metadata.occurredAt }),
});

export const nothingToSplit = (place: number, detail: string): Rejection =>
  new Rejection('NOTHING_TO_SPLIT', detail, [{ pointer: `/revisions/${place}`, code: 'NOTHING_TO_SPLIT', detail }]);

/** The messages at these revisions, in their order. @param events the whole history @throws Rejection NOTHING_TO_SPLIT */
export const messagesAt = (
  events: readonly Recorded<RequestEvent>[],
  revisions: readonly number[],
): readonly Message[] => {
  const found = revisions.map((revision, place) => {
    const event = events[revision];
    if (!isMessage(event)) throw nothingToSplit(place, `event ${revision} is no message`);
    return messageOf(event);
  });
  return [...new Map(found.map((message) => [message.revision, message])).values()].sort(
    (one, other) => one.revision - other.revision,
  );
};

/**
 * Begins another request with messages of one that is there. They stay where they are; whoever wrote them is named. For no team
 * in particular: the first routing rule that matches says which.
 */
export const split = (
  { from, messages, words, segment, ...facts }: SplitRequest,
  state: Request,
  standing: Standing,
): Decided<RequestEvent>[] => {
  if (state.status !== 'none') throw new Rejection('REQUEST_EXISTS', `request ${state.number} is open already`);
  refuseFaults(wordFaults(standing, words));
  const revisions = messages.map(({ revision }) => revision);
  const priority = matrixAt(standing)[facts.impact][facts.urgency];
  const assignment = facts.team === null ? null : { team: facts.team, assignee: null };
  return [
    { type: 'RequestOpened', data: { ...facts, priority } },
    { type: 'RequestSplitFrom', data: { number: from, revisions } },
    ...messages.map((message): RequestEvent => ({
      type: 'RequestMessageCopied',
      data: { number: from, ...message },
    })),
    ...route(standing, { facts: routingFacts({ ...facts, priority }, {}, segment), assignment, routedBy: null }),
  ];
};
