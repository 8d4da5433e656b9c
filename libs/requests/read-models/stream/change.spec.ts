import { Scope } from '../../../platform/auth/caller';
import { changeOf, ChangeFilter, concerns, LoggedChange } from './change';
import { teamAt, TeamFact, teamsConcerned } from './teams-concerned';

const said = (revision: number, team: string | null): TeamFact => ({ revision, team, corrects: null });
const corrected = (revision: number, corrects: number, team: string): TeamFact => ({ revision, team, corrects });

describe('the team of a case', () => {
  const facts = [said(0, null), said(2, 'a'), said(4, 'b'), corrected(6, 4, 'c'), said(8, 'd')];

  it('is what the log said until then', () =>
    expect([0, 1, 2, 3, 4, 5, 6, 7, 8].map((revision) => teamAt(facts, revision))).toEqual([
      ...[null, null, 'a', 'a', 'b', 'b', 'c', 'c', 'd'],
    ]));
  it('is not changed by the correction of an earlier assignment', () =>
    expect(teamAt([...facts, corrected(9, 2, 'x')], 9)).toBe('d'));
  it('bears a correction of what never said a team', () =>
    expect(teamAt([said(0, 'a'), corrected(2, 1, 'x')], 2)).toBe('a'));
  it('hears of what it loses and of what it gets', () => {
    expect(teamsConcerned(facts, 4)).toEqual(['a', 'b']);
    expect(teamsConcerned(facts, 6)).toEqual(['b', 'c']);
    expect(teamsConcerned(facts, 2)).toEqual(['a']);
    expect(teamsConcerned(facts, 5)).toEqual(['b']);
    expect(teamsConcerned(facts, 1)).toEqual([]);
  });
});

describe('a change', () => {
  const logged: LoggedChange = {
    ...{ sequence: '7', position: '4711', stream: 'request-CSR-7K3-M9Q-XA4', revision: 2, type: 'RequestResponded' },
    ...{ actor: 'bob', recordedAt: '2026-01-05T09:00:00.000Z', occurredAt: '2026-01-05T09:00:00.000Z' },
    ...{ customer: 'ada', correctedType: null },
  };
  const staff: Scope = { customer: undefined, personal: false, internal: true };
  const own: Scope = { customer: 'ada', personal: true, internal: false };
  const all: ChangeFilter = { number: undefined, team: undefined, types: undefined };
  const heard = (scope: Scope, facts: Partial<LoggedChange> = {}, filter: Partial<ChangeFilter> = {}): boolean =>
    concerns(changeOf({ ...logged, ...facts }, [said(0, 'a')]), scope, { ...all, ...filter });

  it('is told with its position as id and its facts as data', () =>
    expect(changeOf(logged, [said(0, 'a')]).toStaff).toBe(
      'id: 4711\ndata: {"number":"CSR-7K3-M9Q-XA4","revision":"2","type":"RequestResponded","sequence":"7","position":"4711",' +
        '"recordedAt":"2026-01-05T09:00:00.000Z","occurredAt":"2026-01-05T09:00:00.000Z","actor":"bob","teamId":"a"}\n\n',
    ));
  it('tells a customer neither who of the staff it was nor whose queue it is in', () => {
    const { toCustomer } = changeOf(logged, [said(0, 'a')]);
    expect(toCustomer).toContain('"number":"CSR-7K3-M9Q-XA4"');
    expect(toCustomer).not.toMatch(/bob|team/);
  });
  it('is heard by staff and by its customer alone', () =>
    expect([heard(staff), heard(own), heard({ ...own, customer: 'eve' })]).toEqual([true, true, false]));
  it('is not heard by customers when it is among the staff, nor when it corrects what is', () => {
    expect(heard(own, { type: 'RequestNoted' })).toBe(false);
    expect(heard(own, { type: 'RequestCorrected', correctedType: 'RequestNoted' })).toBe(false);
    expect(heard(own, { type: 'RequestCorrected', correctedType: null })).toBe(false);
    expect(heard(own, { type: 'RequestCorrected', correctedType: 'RequestOpened' })).toBe(true);
  });
  it('of a case that the read models do not have is heard by no customer', () =>
    expect([heard(own, { customer: null }), heard(staff, { customer: null })]).toEqual([false, true]));
  it('is heard by those who asked for its number, team or type', () => {
    expect(heard(staff, {}, { number: 'CSR-7K3-M9Q-XA4', team: 'a', types: ['RequestResponded'] })).toBe(true);
    for (const other of [{ number: 'CSR-1' }, { team: 'b' }, { types: ['RequestHeld'] }])
      expect(heard(staff, {}, other)).toBe(false);
  });
});
