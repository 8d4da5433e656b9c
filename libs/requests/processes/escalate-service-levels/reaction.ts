import { Recorded } from '../../../eventing/event';
import { chainOf, type EscalationAction, type Occasion, stepsFor, type Told } from '../../../service-levels/escalation';
import { knownTerms, standardKey } from '../../../service-levels/known-terms';
import { assign } from '../../commands/assign/assign';
import { escalate } from '../../commands/escalate/escalate';
import { RequestEvent, RequestEventOf } from '../../events';
import { Request } from '../../request';
import { levels } from '../../vocabulary';

export type TellingEvent = Recorded<
  RequestEventOf<'ServiceLevelWarned' | 'ServiceLevelBreached' | 'ServiceLevelOverdue'>
>;

const occasions = {
  ServiceLevelWarned: 'warned',
  ServiceLevelBreached: 'breached',
  ServiceLevelOverdue: 'overdue',
} as const satisfies Record<TellingEvent['type'], Occasion>;

export const tellingTypes = Object.keys(occasions);

export const isTelling = (event: Recorded): event is TellingEvent => event.type in occasions;

const toldBy = ({ type, data }: TellingEvent): Told => ({
  on: occasions[type],
  metric: data.metric,
  share: 'share' in data ? data.share : null,
  secondsAfter: 'secondsAfter' in data ? data.secondsAfter : 0,
});

/** An order that a step of the chain gives. `step` is its place: with the event it names the command. */
export interface Order {
  readonly step: number;
  readonly action: EscalationAction;
}

/** What the policy that judged the clock wants done about this event. @throws UnknownTerms */
export const ordersFor = (event: TellingEvent): readonly Order[] => {
  const { policy } = knownTerms(event.metadata.terms ?? standardKey);
  return stepsFor(chainOf(policy), toldBy(event)).map(([step, { action }]) => ({ step, action }));
};

const reasonOf = ({ type, data }: TellingEvent): string => `${data.metric} ${occasions[type]}, due ${data.dueAt}`;

/** What an order comes to in a case as it stands now. @throws Rejection where the case does not allow it (any more) */
export const carryOut = (action: EscalationAction, event: TellingEvent, state: Request): readonly RequestEvent[] => {
  if (state.status === 'none') return [];
  switch (action.kind) {
    case 'notify': {
      const { metric, cycle } = event.data;
      const { team, assignee } = state.assignment ?? { team: null, assignee: null };
      const about = { metric, cycle, cause: occasions[event.type], about: event.revision };
      return [{ type: 'ServiceLevelNotified', data: { ...about, audience: action.audience, team, assignee } }];
    }
    case 'raise-level': {
      const to = levels[levels.indexOf(state.level) + 1];
      return to ? escalate({ to, reason: reasonOf(event) }, state) : [];
    }
    case 'reassign':
      return assign({ team: action.team, assignee: null }, state);
  }
};
