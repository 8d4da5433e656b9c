import { begun, given, opened } from '../../testing/given';
import { classify } from './classify';

const as = (command: Parameters<typeof classify>[0]) => (state: Parameters<typeof classify>[1]) =>
  classify(command, state, begun);

it('records only what changes, and the priority that follows', () =>
  given(opened())
    .when(as({ impact: 'low', type: 'incident' }))
    .then({ type: 'RequestClassified', data: { impact: 'low', priority: 'P3' } }));
it('does nothing when all is so', () =>
  given(opened())
    .when(as({ impact: 'high', urgency: 'high' }))
    .then());
it('takes absent values for unchanged', () =>
  given(opened())
    .when(as({ category: 'printing', impact: undefined }))
    .then({ type: 'RequestClassified', data: { category: 'printing' } }));
