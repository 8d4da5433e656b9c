import { type PolicyBody, type Trigger } from '../../service-levels/policy';
import { Content } from './population';

/** What an event of a kind may set off; more than it does in each case. */
const triggersOf = ({ kind, by }: Content): readonly Trigger[] => {
  switch (kind) {
    case 'responded':
      return by === 'staff' ? ['staff-replied'] : by === 'customer' ? ['customer-wrote'] : ['automatic-reply'];
    case 'assigned':
      return ['assigned', 'team-entered', 'team-left'];
    case 'merged':
    case 'absorbed':
      return [];
    default:
      return [kind];
  }
};

/** These change how a case stands, whatever a policy asks for. */
const turning: readonly Content['kind'][] = [
  'opened',
  'held',
  'resumed',
  'resolved',
  'closed',
  'reopened',
  'cancelled',
  'merged',
  'absorbed',
];

/**
 * Whether an event changes nothing under these policies but the time reached: it names no terms and no priority, and no clock of
 * theirs starts, stops, ends or pauses by it. A back-test that leaves such events out of the fold has the same clocks.
 */
export const isIdle = (content: Content, policies: readonly PolicyBody[]): boolean => {
  if (turning.includes(content.kind) || content.priority !== undefined || content.terms !== undefined) return false;
  const triggers = triggersOf(content);
  const handsOver = content.kind === 'assigned';
  return policies.every(({ clocks }) =>
    clocks.every(
      ({ start, stop, cancel, pause, team }) =>
        !(handsOver && (team !== null || pause.includes('unassigned'))) &&
        !triggers.some((trigger) => start.includes(trigger) || stop.includes(trigger) || cancel.includes(trigger)),
    ),
  );
};
