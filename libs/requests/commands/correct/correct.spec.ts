import { initialConfiguration } from '../../../configuration/configuration';
import { fold } from '../../../eventing/decider';
import { recorded } from '../../../eventing/testing/specification';
import { RequestEvent } from '../../events';
import { requestEvolution } from '../../request';
import { assigned, closed, escalated, given, noted, number, opened, resolved } from '../../testing/given';
import { correct, CorrectRequest } from './correct';

const by = (command: Omit<CorrectRequest, 'reason'>) => (state: Parameters<typeof correct>[1]) =>
  correct({ ...command, reason: 'typo' }, state, initialConfiguration);
const correction = (corrects: number, values: object): RequestEvent => ({
  type: 'RequestCorrected',
  data: { corrects, reason: 'typo', values },
});
const stateAfter = (...events: readonly RequestEvent[]) => fold(requestEvolution, recorded('request', number, events));

it('names the event that it corrects', () =>
  given(opened(), noted)
    .when(by({ revision: 1, values: { text: 'Never seen' } }))
    .then(correction(1, { text: 'Never seen' })));
it('works out the priority that was due then', () =>
  given(opened(), closed)
    .when(by({ revision: 0, values: { impact: 'low' } }))
    .then(correction(0, { impact: 'low', priority: 'P3' })));
it('refuses a value that the event has not', () =>
  given(opened(), noted)
    .when(by({ revision: 1, values: { to: 'L3' } }))
    .refused('NOT_CORRECTABLE'));
it('refuses to correct nothing', () =>
  given(opened())
    .when(by({ revision: 0, values: {} }))
    .refused('NOT_CORRECTABLE'));
it('refuses an event that is not there', () =>
  given(opened())
    .when(by({ revision: 1, values: { type: 'x' } }))
    .refused('NOTHING_TO_CORRECT'));
it('may say when it really happened, of any event', () =>
  given(opened(), resolved, closed)
    .when(by({ revision: 2, values: { occurredAt: '2026-01-05T09:00:00.000Z' } }))
    .then(correction(2, { occurredAt: '2026-01-05T09:00:00.000Z' })));

it('makes the fold as if the right fact had been recorded at once', () => {
  const wrong = stateAfter(
    opened(),
    escalated('L3'),
    assigned({ team: 't', assignee: null }),
    correction(1, { to: 'L2' }),
  );
  expect(wrong).toMatchObject({ level: 'L2', assignment: { team: 't' } });
});

it('leaves later facts in force', () => {
  const state = stateAfter(
    opened(),
    { type: 'RequestClassified', data: { type: 'question' } },
    correction(0, { type: 'complaint' }),
  );
  expect(state).toMatchObject({ type: 'question' });
});

it('lets the last correction of the same value win', () => {
  const state = stateAfter(
    opened(),
    correction(0, { type: 'question', product: 'a' }),
    correction(0, { type: 'complaint' }),
  );
  expect(state).toMatchObject({ type: 'complaint', product: 'a' });
});
