import fc from 'fast-check';
import { NotFound } from '../eventing/failures';
import { codeOfRejection } from '../eventing/testing/rejections';
import { specification } from '../eventing/testing/specification';
import { Role, roles } from '../platform/auth/caller';
import { refineView, renameView, retireView, shareView } from './commands/change/change';
import { createView } from './commands/create/create';
import { ViewEvent } from './events';
import { mayChange, Reader, sees, viewEvolution } from './view';

const given = specification(viewEvolution, 'v');
const reader = (id: string, role: Role = 'agent', team: string | null = 'support'): Reader => ({ id, role, team });
const [alice, bob, carol] = [reader('alice'), reader('bob'), reader('carol', 'lead')];
const [stranger, admin] = [reader('eve', 'lead', 'billing'), reader('root', 'admin', null)];
const definition = { name: 'Urgent', list: 'queue', filter: { priority: 'P1' }, team: null } as const;
const created = (team: string | null = null): ViewEvent => ({
  type: 'ViewCreated',
  data: { ...definition, team, owner: 'alice' },
});
const retired: ViewEvent = { type: 'ViewRetired', data: {} };

it('is made once, for its owner alone or shared with their own team', () => {
  given()
    .when((state) => createView(definition, alice, state))
    .then(created());
  given(created())
    .when((state) => createView(definition, alice, state))
    .then();
  given()
    .when((state) => createView({ ...definition, team: 'billing' }, alice, state))
    .refused('NOT_IN_TEAM');
  given()
    .when((state) => createView({ ...definition, team: 'billing' }, admin, state))
    .then({ type: 'ViewCreated', data: { ...definition, team: 'billing', owner: 'root' } });
});

it('is renamed, refined, shared and retired, each only where it changes something', () => {
  const changes = [
    [renameView('Most urgent'), { type: 'ViewRenamed', data: { name: 'Most urgent' } }],
    [refineView({ status: 'open' }), { type: 'ViewRefined', data: { filter: { status: 'open' } } }],
    [shareView('support'), { type: 'ViewShared', data: { team: 'support' } }],
    [retireView, retired],
  ] as const;
  for (const [rule, event] of changes) {
    given(created())
      .when((state) => rule(state, alice))
      .then(event);
    given(created(), event)
      .when((state) => rule(state, alice))
      .then();
  }
});

it('is changed no more once it is retired', () =>
  given(created(), retired)
    .when((state) => renameView('x')(state, alice))
    .refused('VIEW_RETIRED'));

it('of another is not there, unless it is shared; then leads may change it and others may not', () => {
  expect(() => renameView('x')({ status: 'active', ...definition, owner: 'alice' }, carol)).toThrow(NotFound);
  const shared = { status: 'active', ...definition, owner: 'alice', team: 'support' } as const;
  expect(() => renameView('x')(shared, stranger)).toThrow(NotFound);
  expect(codeOfRejection(() => renameView('x')(shared, bob))).toBe('VIEW_NOT_YOURS');
  given(created('support'))
    .when((state) => renameView('x')(state, carol))
    .then({ type: 'ViewRenamed', data: { name: 'x' } });
});

it('is changed by nobody who does not see it, and seen by nobody else than its owner while it is not shared', () => {
  const team = fc.constantFrom(null, 'a', 'b');
  const readers = fc.record({ id: fc.constantFrom('x', 'y'), role: fc.constantFrom(...roles), team });
  fc.assert(
    fc.property(readers, team, (who, of) => {
      const view = { owner: 'x', team: of };
      if (mayChange(view, who)) expect(sees(view, who)).toBe(true);
      if (of === null) expect(sees(view, who)).toBe(who.id === 'x');
    }),
  );
});
