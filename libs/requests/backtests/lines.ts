import { Recorded } from '../../eventing/event';
import { versionsAsGood } from '../../eventing/event-types';
import { serviceEvent } from '../clock-events';
import { RequestEvent, RequestEventType, requestEventTypes } from '../events';
import { Facts, Meaning } from './population';

/** One line of the mirror's scan: whose event, when it happened, and all the rest as one text. */
export interface Line {
  readonly key: string;
  /** NaN when it is no instant. */
  readonly at: number;
  readonly content: string;
}

const fieldBreak = '\t';

export const lineOf = (text: string): Line => {
  const afterKey = text.indexOf(fieldBreak);
  const afterInstant = text.indexOf(fieldBreak, afterKey + 1);
  return {
    key: text.slice(0, afterKey),
    at: Date.parse(text.slice(afterKey + 1, afterInstant)),
    content: text.slice(afterInstant + 1),
  };
};

/** What a line is too short for: they change what came before them, or say more than a line does. */
export const wholeTypes: ReadonlySet<string> = new Set<RequestEventType>([
  ...(['RequestCorrected', 'RequestMerged', 'RequestUnmerged', 'RequestAbsorbed', 'RequestSeparated'] as const),
]);

/** How the lines of events begin that a case can be folded from as they are. */
const plainBeginnings: ReadonlySet<string> = new Set(
  Object.entries(requestEventTypes).flatMap(([name, type]) =>
    wholeTypes.has(name) ? [] : versionsAsGood(type).map((version) => `${name}${fieldBreak}${version}`),
  ),
);

/** A case is folded from its whole events when one of them changes another, or is written in an older schema that says it otherwise. */
export const needsWhole = ({ at, content }: Line): boolean => {
  const afterType = content.indexOf(fieldBreak);
  const afterSchema = content.indexOf(fieldBreak, afterType + 1);
  return Number.isNaN(at) || !plainBeginnings.has(content.slice(0, afterSchema < 0 ? undefined : afterSchema));
};

const nullable = (text: string | undefined): string | null => text || null;

const factsOf = ({ type, data }: RequestEvent): Facts | null => {
  switch (type) {
    case 'RequestOpened': {
      const { type: kind, category, product, team, priority } = data;
      return { type: kind, category, product, team, priority };
    }
    case 'RequestClassified': {
      const { type: kind, category, product, priority } = data;
      const said = Object.entries({ type: kind, category, product, priority }).filter(([, value]) => value);
      return Object.fromEntries(said);
    }
    case 'RequestAssigned':
      return { team: data.team };
    default:
      return null;
  }
};

/** What clocks and policies know of an event. */
export const meaningOf = (event: Recorded<RequestEvent>): Meaning => {
  const facts = factsOf(event);
  const service = serviceEvent(event);
  if (!service) return { content: null, facts };
  const { at: _at, revision: _revision, ...content } = service;
  return { content, facts };
};

/** The same of an event with this text. */
export const meaningOfText = (text: string): Meaning => {
  const [type, , terms, actor, priority, team, assignee, waitingFor, by, kind, category, product] =
    text.split(fieldBreak);
  const event = {
    ...{ type, revision: 0, metadata: { occurredAt: '', actor, ...(terms ? { terms } : {}) } },
    data: {
      ...{ waitingFor, by, type: kind, priority: priority || undefined },
      ...{
        team: nullable(team),
        assignee: nullable(assignee),
        category: nullable(category),
        product: nullable(product),
      },
    },
  };
  // Exactly the members that reading such an event looks at.
  return meaningOf(event as unknown as Recorded<RequestEvent>);
};
