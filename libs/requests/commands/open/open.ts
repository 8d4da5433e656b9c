import { matrixAt, Standing } from '../../../configuration/configuration';
import { GivenFields, readFields, refuseFaults, wordFaults } from '../../../configuration/words';
import { Decided } from '../../../eventing/command-runner';
import { Rejection } from '../../../eventing/rejection';
import { Classification, ContactDetails, Exchange } from '../../event-values';
import { RequestEvent } from '../../events';
import { Request, withFields } from '../../request';
import { route, routingFacts } from '../../routing';

export interface OpenRequest extends Omit<Classification, 'priority'> {
  readonly number: string;
  readonly subject: string;
  readonly description: string;
  readonly team: string | null;
  readonly customer: string;
  readonly contact?: ContactDetails | undefined;
  readonly exchange?: Exchange | undefined;
  readonly followUpOf?: string | undefined;
  /** Custom fields, as they were given. */
  readonly fields?: GivenFields | undefined;
  /** Which kind of customer it is for, as far as routing asks. */
  readonly segment?: string | null;
  /** A message came in: whoever wrote it was asked for no words and no fields, and is not refused for them. */
  readonly isUnasked?: boolean;
}

/** Opens a case under a number that nobody holds yet. For no team in particular: the first routing rule that matches says which. */
export const open = (
  { fields = {}, segment = null, isUnasked = false, ...facts }: OpenRequest,
  state: Request,
  standing: Standing,
): Decided<RequestEvent>[] => {
  if (state.status !== 'none') throw new Rejection('REQUEST_EXISTS', `request ${state.number} is open already`);
  const { type, category, product, impact, urgency } = facts;
  const { values, faults } = readFields(standing, type, fields);
  const words = { types: type, categories: category, products: product };
  if (!isUnasked) refuseFaults([...wordFaults(standing, words), ...faults]);
  const priority = matrixAt(standing)[impact][urgency];
  const filled = withFields({}, values);
  const assignment = facts.team === null ? null : { team: facts.team, assignee: null };
  return [
    { type: 'RequestOpened', data: { ...facts, priority } },
    ...(Object.keys(filled).length ? [{ type: 'RequestFieldsFilled', data: { fields: filled } } as const] : []),
    ...route(standing, { facts: routingFacts({ ...facts, priority }, filled, segment), assignment, routedBy: null }),
  ];
};
