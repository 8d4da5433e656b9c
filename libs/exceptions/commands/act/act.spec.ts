import { completed, given, opened, planned, verified } from '../../testing/given';
import { ExceptionCase } from '../../exception';
import { completeAction, planAction, verifyAction } from './act';

const completing = (state: ExceptionCase) => completeAction({ action: 1, by: 'owner', text: 'Found one' }, state);
const verifying =
  (by: string, effective = true) =>
  (state: ExceptionCase) =>
    verifyAction({ action: 1, by, effective, text: 'Seen' }, state);

it('is numbered as it is planned', () =>
  given(opened())
    .when((state) => planAction({ text: 'Find another supplier', responsible: 'owner', dueAt: null }, state))
    .then(planned));
it('is completed once', () => {
  given(opened(), planned).when(completing).then(completed());
  given(opened(), planned, completed()).when(completing).then();
});
it('is verified by neither who did it nor who had to', () => {
  given(opened(), planned, completed('bob')).when(verifying('bob')).refused('FOUR_EYES_OWN');
  given(opened(), planned, completed('bob')).when(verifying('owner')).refused('FOUR_EYES_OWN');
  given(opened(), planned, completed('bob')).when(verifying('ann')).then(verified());
});
it('is verified after it is done', () =>
  given(opened(), planned).when(verifying('ann')).refused('ACTION_NOT_COMPLETED'));
it('is to be done again when it does not work', () => {
  given(opened(), planned, completed()).when(verifying('ann', false)).then(verified(false));
  given(opened(), planned, completed(), verified(false)).when(completing).then(completed());
});
it('must be there', () => given(opened()).when(completing).refused('UNKNOWN_ACTION'));
