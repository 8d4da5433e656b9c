import { RequestEvent } from '../../events';
import {
  assigned,
  cancelled,
  closed,
  escalated,
  held,
  noted,
  opened,
  reopened,
  resolved,
  responded,
  resumed,
} from '../../testing/given';
import { iso, rebuilt, timeline } from '../testing/timeline';
import { requestProjection } from './request.projection';

const rowOf = (...events: readonly RequestEvent[]) =>
  rebuilt(requestProjection, timeline(events.map((event, index) => [index * 60, event])));

it('begins with what the opening says', () =>
  expect(rowOf(opened({ team: 'team-1' }))).toMatchObject({
    status: 'open',
    priority: 'P1',
    subject: 'Printer on fire',
    team: 'team-1',
    assignee: null,
    level: 'L1',
    openedAt: iso(0),
    updatedAt: iso(0),
    isImported: false,
    isIncomplete: false,
  }));
it('keeps what classifying does not mention', () =>
  expect(rowOf(opened(), { type: 'RequestClassified', data: { category: 'printers', priority: 'P2' } })).toMatchObject({
    type: 'incident',
    category: 'printers',
    priority: 'P2',
    impact: 'high',
  }));
it('follows assignment and level', () =>
  expect(rowOf(opened(), assigned({ team: 'team-2', assignee: 'bob' }), escalated('L2'))).toMatchObject({
    team: 'team-2',
    assignee: 'bob',
    level: 'L2',
  }));
it('says on whom a held case waits, since when and why', () =>
  expect(rowOf(opened(), held)).toMatchObject({
    status: 'held',
    hold: { waitingFor: 'customer', until: null, reason: 'asked', since: iso(60) },
  }));
it('forgets the hold when work goes on', () =>
  expect(rowOf(opened(), held, resumed)).toMatchObject({ status: 'open', hold: null }));
it('keeps resolution and times of a closed case', () =>
  expect(rowOf(opened(), resolved, closed)).toMatchObject({
    status: 'closed',
    resolution: { code: 'fixed', text: 'Replaced fuser' },
    resolvedAt: iso(60),
    closedAt: iso(120),
  }));
it('is open again after reopening, and counts it', () =>
  expect(rowOf(opened(), resolved, closed, reopened)).toMatchObject({
    status: 'open',
    resolution: null,
    resolvedAt: null,
    closedAt: null,
    reopenings: 1,
  }));
it('says when it was cancelled', () =>
  expect(rowOf(opened(), cancelled)).toMatchObject({ status: 'cancelled', closedAt: iso(60) }));
it('counts what was said', () =>
  expect(rowOf(opened(), responded(), noted, noted)).toMatchObject({ responses: 1, notes: 2 }));
it('shows the right value once a fact is corrected', () =>
  expect(
    rowOf(opened(), noted, {
      type: 'RequestCorrected',
      data: { corrects: 0, reason: 'typo', values: { product: 'LaserJet' } },
    }),
  ).toMatchObject({ product: 'LaserJet', updatedAt: iso(120) }));
it('marks an imported case and one without an opening in its source', () =>
  expect(rebuilt(requestProjection, timeline([[0, opened({ incomplete: true })]], 'import:batch:1'))).toMatchObject({
    isImported: true,
    isIncomplete: true,
  }));
it('does not go back in time with a step of an imported log that does', () =>
  expect(
    rebuilt(
      requestProjection,
      timeline(
        [
          [0, opened()],
          [90, noted],
          [30, noted],
        ],
        'import:batch:1',
      ),
    ),
  ).toMatchObject({ updatedAt: iso(90) }));
it('has no row before the opening', () => expect(rowOf(noted)).toBeNull());
