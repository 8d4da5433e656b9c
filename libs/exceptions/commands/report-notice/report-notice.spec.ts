import { ExceptionEvent } from '../../events';
import { given, informed, opened } from '../../testing/given';
import { reportNotice } from './report-notice';

const mailed: ExceptionEvent = {
  type: 'ExceptionCustomerInformed',
  data: { channel: 'email', text: 'It will be a week late', messageId: '<a@b>' },
};
const delivered: ExceptionEvent = { type: 'ExceptionNoticeDelivered', data: { about: 1 } };
const failed = (isFinal: boolean): ExceptionEvent => ({
  type: 'ExceptionNoticeFailed',
  data: { about: 1, reason: 'refused', isFinal, detail: undefined },
});
const inVain = { message: 1, outcome: 'failed', reason: 'refused', isFinal: false } as const;
const report = { message: 1, outcome: 'delivered' } as const;

it('says once that a notice was delivered, also after it was tried in vain', () => {
  given(opened(), mailed)
    .when((state) => reportNotice(report, state))
    .then(delivered);
  given(opened(), mailed, failed(false))
    .when((state) => reportNotice(report, state))
    .then(delivered);
  given(opened(), mailed, delivered)
    .when((state) => reportNotice(report, state))
    .then();
});
it('says each time that it was tried in vain, until it is given up', () => {
  given(opened(), mailed, failed(false))
    .when((state) => reportNotice(inVain, state))
    .then(failed(false));
  given(opened(), mailed, failed(true))
    .when((state) => reportNotice(inVain, state))
    .then();
});
it('knows what was to be carried: what was told by telephone is not', () => {
  given(opened(), informed)
    .when((state) => reportNotice(report, state))
    .refused('UNKNOWN_EXCHANGE');
  given()
    .when((state) => reportNotice(report, state))
    .refused('EXCEPTION_ENDED');
});
