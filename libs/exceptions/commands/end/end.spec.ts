import {
  assessed,
  closed,
  completed,
  expired,
  given,
  holding,
  informed,
  opened,
  planned,
  rejected,
  unneeded,
  verified,
} from '../../testing/given';
import { ExceptionCase } from '../../exception';
import { closeException, giveFeedback, withdrawException } from './end';

const closing = (state: ExceptionCase) => closeException({ prevention: 'Keep two suppliers' }, state);

describe('closing', () => {
  it('takes a decision, every action verified, and a customer who was told', () => {
    given(...holding, informed, planned, completed(), verified())
      .when(closing)
      .then(closed);
    given(opened(), informed).when(closing).refused('EXCEPTION_NOT_APPROVED');
    given(...holding, informed, planned, completed())
      .when(closing)
      .refused('ACTION_NOT_VERIFIED');
    given(...holding)
      .when(closing)
      .refused('CUSTOMER_NOT_INFORMED');
  });
  it('is possible after it has expired, and done once', () => {
    given(...holding, informed, expired)
      .when(closing)
      .then(closed);
    given(...holding, informed, closed)
      .when(closing)
      .then();
  });
});

describe('what has ended', () => {
  const withdraw = (state: ExceptionCase) => withdrawException({ reason: 'Solved otherwise' }, state);
  const feedback = (state: ExceptionCase) => giveFeedback({ from: 'customer', rating: 4 }, state);

  it('takes feedback, each time it is given; what goes on does not', () => {
    const told = { type: 'ExceptionFeedbackGiven', data: { from: 'customer', rating: 4 } } as const;
    for (const end of [closed, unneeded, rejected]) given(opened(), assessed, end, told).when(feedback).then(told);
    given(...holding)
      .when(feedback)
      .refused('EXCEPTION_NOT_OVER');
  });
  it('was withdrawn before it held', () => {
    given(opened())
      .when(withdraw)
      .then({ type: 'ExceptionWithdrawn', data: { reason: 'Solved otherwise' } });
    given(...holding)
      .when(withdraw)
      .refused('EXCEPTION_DECIDED');
  });
});
