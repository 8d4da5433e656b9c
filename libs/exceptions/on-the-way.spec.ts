import { amend } from './commands/amend/amend';
import { assess, findUnneeded } from './commands/assess/assess';
import { assign } from './commands/assign/assign';
import { ExceptionCase } from './exception';
import { amended, assessed, closed, given, holding, later, muchLater, now, opened, unneeded } from './testing/given';

describe('on the way', () => {
  it('severity and impact make the class; the same again is nothing new', () => {
    const grave = (state: ExceptionCase) =>
      assess({ severity: 'critical', impact: 'high', reasoning: 'All stands still', by: 'assessor' }, state);
    const data = {
      severity: 'critical',
      impact: 'high',
      class: 'E1',
      reasoning: 'All stands still',
      by: 'assessor',
    } as const;
    given(opened()).when(grave).then({ type: 'ExceptionAssessed', data });
    given(opened(), { type: 'ExceptionAssessed', data }).when(grave).then();
  });
  it('an amendment says what is new only, and must lie ahead', () => {
    const other =
      (why: string | undefined, until = later) =>
      (state: ExceptionCase) =>
        amend({ by: 'opener', now, kind: 'service-level', until, ...(why === undefined ? {} : { why }) }, state);
    given(opened()).when(other('Two suppliers failed')).then(amended());
    given(opened()).when(other(undefined)).then();
    given(opened()).when(other(undefined, '2026-01-01T00:00:00.000Z')).refused('VALIDITY_OVER');
  });
  it('an owner and a due date can be given anew, but not to whoever has approved it', () => {
    const to = (owner: string) => (state: ExceptionCase) => assign({ owner, dueAt: muchLater }, state);
    given(opened())
      .when(to('cyd'))
      .then(
        { type: 'ExceptionAssigned', data: { owner: 'cyd', from: 'owner' } },
        { type: 'ExceptionDueSet', data: { dueAt: muchLater, from: null } },
      );
    given(...holding)
      .when(to('ben'))
      .refused('FOUR_EYES_OWN');
  });
  it('is assessed and amended no more', () => {
    const again = (state: ExceptionCase) =>
      assess({ severity: 'low', impact: 'low', reasoning: 'x', by: 'assessor' }, state);
    for (const end of [unneeded, closed]) given(opened(), assessed, end).when(again).refused('EXCEPTION_ENDED');
  });
  it('one that is not needed ends, as long as nobody has decided on it', () => {
    const needless = (state: ExceptionCase) =>
      findUnneeded({ reasoning: 'Within the tolerance', by: 'assessor' }, state);
    given(opened()).when(needless).then(unneeded);
    given(...holding)
      .when(needless)
      .refused('EXCEPTION_DECIDED');
  });
});
