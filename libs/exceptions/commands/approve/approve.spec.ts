import {
  amended,
  approved,
  approvedBy,
  assessed,
  delegated,
  expired,
  given,
  holding,
  later,
  muchLater,
  now,
  opened,
  rejected,
  renewalRequested,
} from '../../testing/given';
import { ExceptionCase } from '../../exception';
import { approve, delegate, reject, revokeDelegation, withdrawApproval } from './approve';

const approving =
  (by: string, { behalfOf = null as string | null, hasAuthority = true, at = now } = {}) =>
  (state: ExceptionCase) =>
    approve({ by, hasAuthority, behalfOf, now: at }, state);
const pending = [opened(), assessed];

describe('approving', () => {
  it('takes two: after the first it does not hold', () =>
    given(...pending)
      .when(approving('ann'))
      .then(approvedBy('ann')));
  it('holds with the second, and says by whom and until when', () =>
    given(...pending, approvedBy('ann'))
      .when(approving('ben'))
      .then(approvedBy('ben'), approved(['ann', 'ben'])));
  it('is no second approval when the same person does it again', () =>
    given(...pending, approvedBy('ann'))
      .when(approving('ann'))
      .then());
  it('is done once it holds', () =>
    given(...holding)
      .when(approving('ben'))
      .then());
  it.each(['opener', 'owner'])('is refused to the %s', (who) =>
    given(...pending)
      .when(approving(who))
      .refused('FOUR_EYES_OWN'),
  );
  it('is refused to whoever has written it anew', () =>
    given(opened(), amended('ann'), assessed).when(approving('ann')).refused('FOUR_EYES_OWN'));
  it('is refused to whoever owned it before', () =>
    given(...pending, { type: 'ExceptionAssigned', data: { owner: 'cyd', from: 'owner' } })
      .when(approving('owner'))
      .refused('FOUR_EYES_OWN'));
  it('takes authority', () =>
    given(...pending)
      .when(approving('ann', { hasAuthority: false }))
      .refused('AUTHORITY_NEEDED'));
  it('comes after the assessment', () => given(opened()).when(approving('ann')).refused('EXCEPTION_NOT_ASSESSED'));
  it('is refused when the time that was asked for is over', () =>
    given(...pending)
      .when(approving('ann', { at: muchLater }))
      .refused('VALIDITY_OVER'));
  it('begins anew after an amendment, and after another assessment', () => {
    given(...holding, amended(), assessed)
      .when(approving('ben'))
      .then(approvedBy('ben'));
    given(...holding, assessed)
      .when(approving('ben'))
      .then(approvedBy('ben'));
  });
});

describe('approving in the place of another', () => {
  const standIn = approving('dan', { behalfOf: 'ann', hasAuthority: false });

  it('is as good as an approval of one’s own', () =>
    given(...pending, delegated('ann', 'dan'), approvedBy('ben'))
      .when(standIn)
      .then(approvedBy('dan', 'ann'), approved(['ben', 'dan'])));
  it('takes the place to have been given, and not taken back', () => {
    given(...pending)
      .when(standIn)
      .refused('NOT_DELEGATED');
    given(...pending, delegated('ann', 'dan'), {
      type: 'ExceptionDelegationRevoked',
      data: { by: 'ann', to: 'dan' },
    })
      .when(standIn)
      .refused('NOT_DELEGATED');
  });
  it('is no second pair of eyes: neither for whose place it is, nor for who stands in', () => {
    given(...pending, delegated('ann', 'dan'), approvedBy('ann'))
      .when(standIn)
      .refused('FOUR_EYES_SAME');
    given(...pending, delegated('ann', 'dan'), approvedBy('dan', 'ann'))
      .when(approving('ann'))
      .refused('FOUR_EYES_SAME');
    given(...pending, delegated('ann', 'dan'), delegated('ben', 'dan'), approvedBy('dan', 'ann'))
      .when(approving('dan', { behalfOf: 'ben', hasAuthority: false }))
      .refused('FOUR_EYES_SAME');
  });
  it('is refused in the place of a party', () =>
    given(...pending, delegated('ann', 'dan'), { type: 'ExceptionAssigned', data: { owner: 'ann', from: 'owner' } })
      .when(standIn)
      .refused('FOUR_EYES_OWN'));
});

describe('a place', () => {
  const giving =
    (by: string, to: string, hasAuthority = true) =>
    (state: ExceptionCase) =>
      delegate({ by, to, hasAuthority }, state);

  it('is given once', () => {
    given(...pending)
      .when(giving('ann', 'dan'))
      .then(delegated('ann', 'dan'));
    given(...pending, delegated('ann', 'dan'))
      .when(giving('ann', 'dan'))
      .then();
  });
  it('is not handed on by whoever was put in it', () =>
    given(...pending, delegated('ann', 'dan'))
      .when(giving('dan', 'eve', false))
      .refused('AUTHORITY_NEEDED'));
  it.each([
    ['opener', 'dan'],
    ['ann', 'owner'],
  ])('is not given from %s to %s', (by, to) =>
    given(...pending)
      .when(giving(by, to))
      .refused('FOUR_EYES_OWN'),
  );
  it('is not given to oneself', () =>
    given(...pending)
      .when(giving('ann', 'ann'))
      .refused('FOUR_EYES_SAME'));
  it('can be taken back', () => {
    const revoke = (state: ExceptionCase) => revokeDelegation({ by: 'ann', to: 'dan' }, state);
    given(...pending, delegated('ann', 'dan'))
      .when(revoke)
      .then({ type: 'ExceptionDelegationRevoked', data: { by: 'ann', to: 'dan' } });
    given(...pending)
      .when(revoke)
      .then();
  });
});

describe('an approval that is taken back', () => {
  const withdraw = (by: string) => (state: ExceptionCase) => withdrawApproval({ by, reason: 'I was wrong' }, state);
  const withdrawn = (by: string, approver = by) =>
    ({ type: 'ExceptionApprovalWithdrawn', data: { by, approver, reason: 'I was wrong' } }) as const;

  it('is one’s own, or was given in one’s place', () => {
    given(...pending, approvedBy('ann'))
      .when(withdraw('ann'))
      .then(withdrawn('ann'));
    given(...pending, delegated('ann', 'dan'), approvedBy('dan', 'ann'))
      .when(withdraw('ann'))
      .then(withdrawn('ann', 'dan'));
    given(...pending, approvedBy('ann'))
      .when(withdraw('ben'))
      .then();
  });
  it('takes the force away; the other one stays given', () => {
    const state = [...holding, withdrawn('ann')];
    given(...state)
      .when(approving('ben'))
      .then();
    given(...state)
      .when(approving('cyd'))
      .then(approvedBy('cyd'), approved(['ben', 'cyd']));
  });
});

describe('rejecting', () => {
  const rejecting =
    (by: string, hasAuthority = true) =>
    (state: ExceptionCase) =>
      reject({ by, hasAuthority, reason: 'Too long' }, state);

  it('takes one who has no part in it, with authority', () => {
    given(...pending)
      .when(rejecting('ann'))
      .then(rejected);
    given(...pending)
      .when(rejecting('owner'))
      .refused('FOUR_EYES_OWN');
    given(...pending)
      .when(rejecting('ann', false))
      .refused('AUTHORITY_NEEDED');
  });
  it('leaves what holds as it is when it is more time that is refused', () =>
    given(...holding, renewalRequested(), rejected)
      .when(approving('ann'))
      .then());
});

describe('more time', () => {
  it('takes two approvals anew, and not of whoever asked for it', () => {
    given(...holding, renewalRequested(), approvedBy('ann'))
      .when(approving('ben', { at: later }))
      .then(approvedBy('ben'), approved(['ann', 'ben'], muchLater));
    given(...holding, renewalRequested('ann'))
      .when(approving('ann'))
      .refused('FOUR_EYES_OWN');
  });
  it('can be approved after it has expired', () =>
    given(...holding, expired, renewalRequested(), approvedBy('ann'))
      .when(approving('ben', { at: later }))
      .then(approvedBy('ben'), approved(['ann', 'ben'], muchLater)));
});
