import {
  expired,
  given,
  holding,
  later,
  muchLater,
  now,
  opened,
  assessed,
  renewalRequested,
} from '../../testing/given';
import { ExceptionCase } from '../../exception';
import { renew } from './renew';

const renewing =
  (until: string, at = now) =>
  (state: ExceptionCase) =>
    renew({ by: 'owner', until, reason: 'Still late', now: at }, state);

it('asks for more time of what holds or has expired', () => {
  given(...holding)
    .when(renewing(muchLater))
    .then(renewalRequested());
  given(...holding, expired)
    .when(renewing(muchLater, later))
    .then(renewalRequested());
});
it('asks once', () =>
  given(...holding, renewalRequested())
    .when(renewing(muchLater))
    .then());
it('is refused before it ever held, or for an end that is no later', () => {
  given(opened(), assessed).when(renewing(muchLater)).refused('NOTHING_TO_RENEW');
  given(...holding)
    .when(renewing(later))
    .refused('VALIDITY_OVER');
  given(...holding, expired)
    .when(renewing(muchLater, muchLater))
    .refused('VALIDITY_OVER');
});
