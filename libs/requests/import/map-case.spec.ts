import fc from 'fast-check';
import { recorded } from '../../eventing/testing/specification';
import { fold } from '../../eventing/decider';
import { requestEvolution } from '../request';
import { RequestEvent } from '../events';
import { MappedCase } from './map-case';
import { Mapping } from './mapping';
import { loadMapping, shippedMappings } from './mapping-file.adapter';
import { madeUpLogs } from './testing/made-up-logs';
import { mapLog, told } from './testing/mapped';

const mapped = (name: keyof typeof madeUpLogs): readonly MappedCase[] => mapLog(loadMapping(name), madeUpLogs[name]);

const dataOf = ({ opening, others }: MappedCase): readonly object[] => [opening, ...others].map(({ data }) => data);

describe('a help desk log with one row an activity', () => {
  it('becomes cases whose every row is one event by name, with ties, steps back and doubled hours flagged', () => {
    expect(mapped('italian-helpdesk').map(told)).toEqual([
      [
        '2012-10-09T12:50:17.000Z RequestOpened italian-value-1 import:b:1 - no-opening',
        '2012-10-09T12:50:17.000Z RequestClassified italian-value-1 import:b:1 Assign seriousness',
        '2012-10-09T12:51:01.000Z RequestAssigned italian-value-1 import:b:2 Take in charge ticket',
        '2012-10-09T12:51:01.000Z RequestHeld italian-value-1 import:b:3 Wait time-tie',
        '2012-10-10T06:00:00.000Z RequestResumed italian-value-2 import:b:4 Take in charge ticket',
        '2012-10-10T06:00:00.000Z RequestAssigned italian-value-2 import:b:4 -',
        '2012-10-09T06:00:00.000Z RequestResolved italian-value-2 import:b:5 Resolve ticket time-step-back',
        '2012-10-28T00:30:00.000Z RequestClosed italian-value-3 import:b:6 Closed time-ambiguous',
      ],
      [
        '2012-11-01T08:00:00.000Z RequestOpened italian-value-1 import:b:7 Insert ticket',
        '2012-11-01T09:00:00.000Z RequestActivityRecorded import import:b:8 Create SW anomaly no-actor',
        '2012-11-01T10:00:00.000Z RequestEscalated italian-value-1 import:b:9 Require upgrade',
      ],
    ]);
  });

  it('says in the data what was opened incomplete, who has it and for whom', () => {
    const [first, second] = mapped('italian-helpdesk');
    expect(first && dataOf(first)).toMatchObject([
      {
        subject: 'Case 1: product Value 3',
        type: 'Value 1',
        priority: 'P3',
        team: 'italian-value-1',
        contact: { name: 'Customer Value 7' },
        incomplete: true,
      },
      { category: 'Value 1' },
      { team: 'italian-value-1', assignee: 'italian-value-1', from: { team: 'italian-value-1', assignee: null } },
      { waitingFor: 'internal', reason: 'Wait' },
      { waitedFor: 'internal' },
      { team: 'italian-value-2', assignee: 'italian-value-2' },
      { code: 'resolved' },
      {},
    ]);
    expect(second?.opening.data).not.toHaveProperty('incomplete');
    expect(second?.opening.data.customer).toBe(first?.opening.data.customer);
  });
});

describe('a problem log with offsets and two activity columns', () => {
  it('joins the columns to the name and reads instants as written', () => {
    expect(mapped('volvo-closed-problems').map(told)).toEqual([
      [
        '2006-01-11T15:49:42.000Z RequestOpened volvo-minnie import:b:1 - no-opening',
        '2006-01-11T15:49:42.000Z RequestActivityRecorded volvo-minnie import:b:1 Queued+Awaiting Assignment',
        '2012-03-15T11:53:52.000Z RequestClassified volvo-minnie import:b:2 -',
        '2012-03-15T11:53:52.000Z RequestAssigned volvo-minnie import:b:2 Accepted+In Progress',
        '2012-03-15T12:11:33.000Z RequestResolved volvo-minnie import:b:3 -',
        '2012-03-15T12:11:33.000Z RequestClosed volvo-minnie import:b:3 Completed+Closed',
      ],
    ]);
  });
});

describe('a log of states with columns about the opening', () => {
  it('opens the case from those columns, and names every state as it stands', () => {
    expect(mapped('servicenow-incidents-890').map(told)).toEqual([
      [
        '2016-02-29T01:16:00.000Z RequestOpened snow-opened-by-8 import:b:1 -',
        '2016-02-29T01:23:00.000Z RequestActivityRecorded snow-updated-by-21 import:b:1 New',
        '2016-02-29T02:00:00.000Z RequestClassified snow-updated-by-22 import:b:2 -',
        '2016-02-29T02:00:00.000Z RequestAssigned snow-updated-by-22 import:b:2 -',
        '2016-02-29T02:00:00.000Z RequestHeld snow-updated-by-22 import:b:2 Awaiting User Info',
        '2016-02-29T08:53:00.000Z RequestResolved import import:b:3 Resolved no-actor',
        '2016-02-29T08:53:00.000Z RequestReopened snow-updated-by-22 import:b:4 Active time-tie',
      ],
    ]);
  });
});

describe('a table with one row a case', () => {
  it('tells its columns as activities in the order of their instants, the status at the last of them', () => {
    expect(mapped('nyc311-500').map(told)).toEqual([
      [
        '2023-12-10T17:00:00.000Z RequestOpened import import:b:1 created_date no-actor',
        '2023-12-10T19:00:00.000Z RequestResolved import import:b:1 - no-actor',
        '2023-12-10T19:00:00.000Z RequestClosed import import:b:1 closed_date no-actor',
        '2023-12-10T19:00:00.000Z RequestActivityRecorded import import:b:1 Closed no-actor',
        '2023-12-10T20:00:00.000Z RequestActivityRecorded import import:b:1 resolution_action_updated_date no-actor',
      ],
      [
        '2023-12-10T17:00:00.000Z RequestOpened import import:b:2 created_date no-actor',
        '2023-12-10T17:00:00.000Z RequestActivityRecorded import import:b:2 In Progress no-actor',
      ],
      [
        '2023-12-10T17:00:00.000Z RequestOpened import import:b:3 created_date no-actor',
        '2023-12-10T17:30:00.000Z RequestResponded import import:b:3 resolution_action_updated_date no-actor',
        '2023-12-10T17:30:00.000Z RequestActivityRecorded import import:b:3 Open no-actor',
      ],
    ]);
  });

  it('gives each anonymous caller an identity of their own', () => {
    expect(new Set(mapped('nyc311-500').map(({ opening }) => opening.data.customer)).size).toBe(3);
  });
});

const activitiesOf = (mapping: Mapping): readonly string[] => [
  'unheard of',
  ...mapping.steps.flatMap(({ activities }) => (activities === 'any' ? [] : activities)),
];

/** A log of one case that goes through these activities, an hour back or forth each. */
const italianLog = (steps: readonly (readonly [string, number, number])[]): string =>
  [
    madeUpLogs['italian-helpdesk'].split('\n')[0],
    ...steps.map(
      ([activity, hour, who]) =>
        `C,${activity},${who ? `Value ${who}` : ''},2012/10/09 ${String(hour).padStart(2, '0')}:00:00.000,V,V,Value ${who},Value 7,Value 3,V,V,V,Value ${who % 2}`,
    ),
  ].join('\n');

const anySteps = fc.array(
  fc.tuple(
    fc.constantFrom(...activitiesOf(loadMapping('italian-helpdesk'))),
    fc.integer({ min: 0, max: 23 }),
    fc.nat(4),
  ),
  { minLength: 1, maxLength: 25 },
);

describe('any sequence of activities', () => {
  it('has exactly one event with the name of each row, in the order of the rows', () =>
    fc.assert(
      fc.property(anySteps, (steps) => {
        const [only] = mapLog(loadMapping('italian-helpdesk'), italianLog(steps));
        if (!only) throw new Error('no case');
        const named = [only.opening, ...only.others].filter(({ notes }) => notes?.sourceActivity !== undefined);
        expect(named.map(({ notes }) => [notes?.sourceActivity, notes?.origin])).toEqual(
          steps.map(([activity], index) => [activity, `import:b:${index + 1}`]),
        );
      }),
    ));

  it('never resumes, holds or reopens what is not held, open or over', () =>
    fc.assert(
      fc.property(anySteps, (steps) => {
        const [only] = mapLog(loadMapping('italian-helpdesk'), italianLog(steps));
        if (!only) throw new Error('no case');
        const opened: RequestEvent = { ...only.opening, data: { ...only.opening.data, number: 'N' } };
        const events = [opened, ...only.others];
        for (const [index, { type }] of events.entries()) {
          const { status } = fold(requestEvolution, recorded('request', 'N', events.slice(0, index)));
          if (type === 'RequestResumed') expect(status).toBe('held');
          if (type === 'RequestHeld') expect(status).toBe('open');
          if (type === 'RequestReopened') expect(['resolved', 'closed', 'cancelled']).toContain(status);
        }
      }),
    ));
});

it('every mapping that ships has a made-up log here', () => {
  expect(Object.keys(madeUpLogs).sort()).toEqual(shippedMappings());
});
