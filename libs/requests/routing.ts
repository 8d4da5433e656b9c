import { routingAt, Standing } from '../configuration/configuration';
import { chooseRule, RoutingFacts } from '../configuration/routing-rules';
import { Decided } from '../eventing/command-runner';
import { Assignment, Classification, FieldValues } from './event-values';
import { RequestEvent } from './events';
import { RoutedBy } from './request';

/** Who is named for what a rule decides, whoever gave the command. */
export const routingActor = 'process:route-requests';

const languageField = 'language';

/** What rules ask of a case. */
export const routingFacts = (
  { type, category, product, priority, impact }: Omit<Classification, 'urgency'>,
  fields: FieldValues,
  segment: string | null,
): RoutingFacts => {
  const language = fields[languageField];
  return {
    ...{ type, category, product, priority, impact, segment },
    language: language && 'choice' in language ? language.choice : null,
  };
};

export interface Routable {
  readonly facts: RoutingFacts;
  readonly assignment: Assignment | null;
  readonly routedBy: RoutedBy | null;
}

/** Whether routing may choose the team: nobody has it, and nobody but a rule has chosen. */
export const isRoutable = ({ assignment, routedBy }: Omit<Routable, 'facts'>): boolean =>
  assignment === null || (assignment.assignee === null && routedBy?.team === assignment.team);

/** Gives a case to the team of the first rule that matches. No rule, or the same one again: nothing happens. */
export const route = (standing: Standing, { facts, assignment, routedBy }: Routable): Decided<RequestEvent>[] => {
  const { revision: rules, body } = routingAt(standing);
  const choice = chooseRule(body, facts);
  if (!choice || !isRoutable({ assignment, routedBy }) || choice.rule.id === routedBy?.rule) return [];
  const { team, id: rule, skills } = choice.rule;
  const notes = { actor: routingActor };
  const routed = {
    type: 'RequestRouted',
    data: { team, rules, rule, matched: choice.matched, skills },
    notes,
  } as const;
  if (assignment?.team === team) return [routed];
  return [routed, { type: 'RequestAssigned', data: { team, assignee: null, from: assignment }, notes }];
};
