import { escalated, given, held, opened } from '../../testing/given';
import { escalate } from './escalate';

const to = (level: 'L1' | 'L2' | 'L3') => (state: Parameters<typeof escalate>[1]) =>
  escalate({ to: level, reason: 'hard' }, state);

it('raises an open request', () =>
  given(opened())
    .when(to('L2'))
    .then({ type: 'RequestEscalated', data: { from: 'L1', to: 'L2', reason: 'hard' } }));
it('does nothing the second time', () => given(opened(), escalated('L2')).when(to('L2')).then());
it('raises by more than one level', () =>
  given(opened(), escalated('L2'))
    .when(to('L3'))
    .then({ type: 'RequestEscalated', data: { from: 'L2', to: 'L3', reason: 'hard' } }));
it('never lowers', () => given(opened(), escalated('L3')).when(to('L2')).refused('ESCALATION_NOT_UPWARD'));
it('leaves a request on hold alone', () => given(opened(), held).when(to('L2')).refused('REQUEST_NOT_OPEN'));
