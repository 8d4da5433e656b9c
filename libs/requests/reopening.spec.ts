import { fold } from '../eventing/decider';
import { codeOfRejection } from '../eventing/testing/rejections';
import { recorded } from '../eventing/testing/specification';
import { reopen } from './commands/reopen/reopen';
import { Reopening } from './reopening';
import { Request, requestEvolution } from './request';
import { histories, number } from './testing/given';

const seconds = 600;
const stateOf = (status: Exclude<keyof typeof histories, 'none'>) => {
  const state: Request = fold(requestEvolution, recorded('request', number, histories[status]));
  if (state.status === 'none') throw new Error('it was opened');
  return state;
};
const endOf = (status: 'resolved' | 'closed' | 'cancelled'): number => {
  const state = stateOf(status);
  return 'endedAt' in state ? state.endedAt : NaN;
};
const within = (afterClosing: Reopening['afterClosing']) => new Reopening(afterClosing, seconds);

describe('what a customer says again', () => {
  it.each(['open', 'held'] as const)('belongs to a case that is %s, whenever', (status) =>
    expect(within('follow-up').allows(stateOf(status), Number.MAX_SAFE_INTEGER)).toBe(true),
  );
  it.each([
    ['resolved', 'follow-up', true],
    ['closed', 'follow-up', false],
    ['cancelled', 'follow-up', false],
    ['resolved', 'reopen', true],
    ['closed', 'reopen', true],
    ['cancelled', 'reopen', true],
  ] as const)('takes up one that is %s, where %s holds, in time: %s', (status, afterClosing, isTakenUp) => {
    const rule = within(afterClosing);
    const last = endOf(status) + seconds * 1_000;
    expect([rule.allows(stateOf(status), last), rule.allows(stateOf(status), last + 1)]).toEqual([isTakenUp, false]);
  });
  it('counts from the resolution, not from when it was put away', () =>
    expect(endOf('closed')).toBe(endOf('resolved')));
});

it('binds customers who reopen, and not the staff', () => {
  const at = endOf('closed');
  const late = { reason: 'x', within: { reopening: within('follow-up'), at } };
  expect(codeOfRejection(() => reopen(late, stateOf('closed')))).toBe('REOPENING_TOO_LATE');
  expect(reopen({ ...late, within: undefined }, stateOf('closed'))).toHaveLength(1);
  expect(reopen(late, stateOf('resolved'))).toHaveLength(1);
});
