import { specification } from '../eventing/testing/specification';
import { StaffEvent, TeamEvent } from './events';
import { registerStaff, staffEvolution } from './staff';
import { teamEvolution } from './team';
import { changePresence } from './commands/presence/presence';
import { rosterStaff } from './commands/roster/roster';
import { reinstateStaff, reinstateTeam, retireStaff, retireTeam } from './commands/retire/retire';

const givenStaff = specification(staffEvolution('a'), 'a');
const givenTeam = specification(teamEvolution('t'), 't');
const somebody: StaffEvent = { type: 'StaffRegistered', data: { handle: 'a', name: 'A', team: 't' } };
const team: TeamEvent = { type: 'TeamRegistered', data: { handle: 't', name: 'T' } };
const gone: StaffEvent = { type: 'StaffRetired', data: {} };
const back: StaffEvent = { type: 'StaffReinstated', data: {} };

it('retires somebody once, and takes it back once', () => {
  givenStaff(somebody).when(retireStaff).then(gone);
  givenStaff(somebody, gone).when(retireStaff).then();
  givenStaff(somebody, gone).when(reinstateStaff).then(back);
  givenStaff(somebody, gone, back).when(reinstateStaff).then();
  for (const rule of [retireStaff, reinstateStaff]) givenStaff().when(rule).refused('UNKNOWN_STAFF');
});
it('lets nobody be there for work, or be rostered, who works here no more', () => {
  const history = [somebody, { type: 'StaffPresenceChanged', data: { presence: 'available' } }, gone] as const;
  givenStaff(...history)
    .when((state) => changePresence('available', state))
    .refused('STAFF_RETIRED');
  givenStaff(...history)
    .when((state) => rosterStaff({ roster: { capacity: 3 }, from: '2026-01-05T09:00:00.000Z' }, state))
    .refused('STAFF_RETIRED');
  // Whoever comes back says so themselves.
  givenStaff(...history, back)
    .when((state) => changePresence('available', state))
    .then({ type: 'StaffPresenceChanged', data: { presence: 'available' } });
});
it('keeps a handle for whoever had it', () =>
  givenStaff(somebody, gone)
    .when((state) => registerStaff({ handle: 'a', name: 'B', team: null }, state))
    .then());
it('retires a team that no rule gives work to', () => {
  givenTeam(team)
    .when((state) => retireTeam(['printers'], state))
    .refused('TEAM_IN_RULES');
  givenTeam(team)
    .when((state) => retireTeam([], state))
    .then({ type: 'TeamRetired', data: {} });
  givenTeam(team, { type: 'TeamRetired', data: {} })
    .when((state) => retireTeam(['printers'], state))
    .then();
  givenTeam(team, { type: 'TeamRetired', data: {} }).when(reinstateTeam).then({ type: 'TeamReinstated', data: {} });
  givenTeam()
    .when((state) => retireTeam([], state))
    .refused('UNKNOWN_TEAM');
});
