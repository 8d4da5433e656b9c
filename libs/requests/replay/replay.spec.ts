import { recorded } from '../../eventing/testing/specification';
import { RequestEvent } from '../events';
import { assigned, closed, held, number, opened, resolved } from '../testing/given';
import { eventsAsOf, eventsUntil, replay } from './replay';
import { replayText } from './replay-text';

const history: readonly RequestEvent[] = [
  opened({ contact: { name: 'Ada Byron', email: 'ada@example.org' } }),
  assigned({ team: 'team-1', assignee: 'staff-1' }),
  held,
  {
    type: 'RequestCorrected',
    data: {
      corrects: 1,
      reason: 'wrong person',
      values: { assignee: 'staff-2', occurredAt: '2026-01-05T08:30:00.000Z' },
    },
  },
  resolved,
  closed,
];
const events = recorded('request', number, history);
const names = {
  handles: new Map([
    ['staff-1', 'bob'],
    ['staff-2', 'carol'],
    ['team-1', 'support'],
  ]),
  customer: 'customer-1',
};

describe('a replay', () => {
  it('gives the state after each event with the corrections made by then, and none made later', () => {
    expect(replay(events).map(({ state: { status, assignee, waitingFor } }) => [status, assignee, waitingFor])).toEqual(
      [
        ['open', null, null],
        ['open', 'staff-1', null],
        ['held', 'staff-1', 'customer'],
        ['held', 'staff-2', 'customer'],
        ['resolved', 'staff-2', null],
        ['closed', 'staff-2', null],
      ],
    );
  });

  it('says of a correction what it replaced, and of a corrected event by which it was put right', () => {
    const steps = replay(events);
    expect(steps[3]?.replaced).toEqual({ assignee: 'staff-1', occurredAt: '2026-01-05T09:01:00.000Z' });
    expect(steps[1]).toMatchObject({ correctedBy: [3], data: { assignee: 'staff-1' } });
  });

  it('ends at a revision, or with the last event that had happened at an instant', () => {
    const ended = (end: Parameters<typeof eventsUntil>[1]): number => eventsUntil(events, end).length;
    expect(ended(undefined)).toBe(6);
    expect(ended({ revision: 1 })).toBe(2);
    expect(ended({ instant: Date.UTC(2026, 0, 5, 9, 2, 30) })).toBe(3);
    expect(ended({ instant: Date.UTC(2025, 0, 1) })).toBe(0);
  });

  it('is as of an instant what was recorded by then, or what was so by then, corrected', () => {
    const last = (meaning: 'recorded' | 'true', minute: number) =>
      replay(eventsAsOf(events, Date.UTC(2026, 0, 5, 9, minute), meaning)).at(-1)?.state.assignee;
    expect([last('recorded', 0), last('recorded', 1), last('recorded', 3)]).toEqual([null, 'staff-1', 'staff-2']);
    // It was assigned earlier than was noted down, but not before it was opened; and to somebody else.
    expect([last('true', 0), last('true', 1)]).toEqual(['staff-2', 'staff-2']);
    expect(eventsAsOf(events, Date.UTC(2025, 0, 1), 'true')).toEqual([]);
  });

  it('counts what stands before an event that had happened, whatever its date', () => {
    const [first, second] = events;
    if (!first || !second) throw new Error('no events');
    const early = { ...second, metadata: { ...second.metadata, occurredAt: '2020-01-01T00:00:00.000Z' } };
    expect(eventsUntil([first, early], { instant: Date.UTC(2021, 0, 1) })).toHaveLength(2);
  });
});

it('reads as columns of when, what and who, with the facts and the state below', () => {
  expect(replayText(number, replay(events.slice(0, 4)), 6, names)).toBe(
    `CSR-7K3-M9Q-XA4 · the first 4 of 6 events · customer customer-1 · times are UTC

  0  2026-01-05 09:00:00.000  RequestOpened            somebody
     number             CSR-7K3-M9Q-XA4
     subject            Printer on fire
     description        Smoke from tray 2
     type               incident
     category           -
     product            -
     impact             high
     urgency            high
     priority           P1
     team               -
     customer           the customer
     contact            name Ada Byron, email ada@example.org
   → open · P1 (impact high, urgency high) · incident · L1 · with nobody

  1  2026-01-05 09:01:00.000  RequestAssigned          somebody
     team               support
     assignee           bob
     from               -
     (corrected by      event 3)
   → open · P1 (impact high, urgency high) · incident · L1 · with support, bob

  2  2026-01-05 09:02:00.000  RequestHeld              somebody
     reason             asked
     waitingFor         customer
     until              -
   → held, waits for customer · P1 (impact high, urgency high) · incident · L1 · with support, bob

  3  2026-01-05 09:03:00.000  RequestCorrected         somebody
     corrects           event 1
       assignee         bob → carol
       occurredAt       2026-01-05T09:01:00.000Z → 2026-01-05T08:30:00.000Z
     reason             wrong person
   → held, waits for customer · P1 (impact high, urgency high) · incident · L1 · with support, carol`,
  );
});

it('shows a long text below itself, and lets no control character reach the terminal', () => {
  const text = `${'word '.repeat(40)}\u001b[2Jend`;
  const [step] = replay(recorded('request', number, [opened({ description: text })]));
  if (!step) throw new Error('no step');
  const lines = replayText(number, [step], 1, names).split('\n');
  expect(lines.every((line) => line.length <= 125)).toBe(true);
  expect(lines.join('')).not.toContain('\u001b');
  expect(lines.find((line) => line.includes('·[2Jend'))).toMatch(/^ {24}\S/);
});
