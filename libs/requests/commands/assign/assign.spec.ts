import { assigned, given, opened } from '../../testing/given';
import { assign } from './assign';

const team1 = { team: 'team-1', assignee: null };
const bob = { team: 'team-1', assignee: 'bob' };
const to = (whom: typeof team1 | typeof bob) => (state: Parameters<typeof assign>[1]) => assign(whom, state);

it('says who had it before: nobody', () => given(opened()).when(to(bob)).then(assigned(bob, null)));
it('says who had it before: the team that it was opened for', () =>
  given(opened({ team: 'team-1' }))
    .when(to(bob))
    .then(assigned(bob, team1)));
it('gives it back to the team', () => given(opened(), assigned(bob)).when(to(team1)).then(assigned(team1, bob)));
it('does nothing for whoever has it', () => given(opened(), assigned(bob)).when(to(bob)).then());
