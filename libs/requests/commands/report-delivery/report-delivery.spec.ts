import fc from 'fast-check';
import { attemptsMax, deliveryFailures, Sending } from '../../../channels/delivery';
import { fold } from '../../../eventing/decider';
import { recorded } from '../../../eventing/testing/specification';
import { RequestEvent } from '../../events';
import { requestEvolution } from '../../request';
import { given, number, opened, responded } from '../../testing/given';
import { ReportDelivery, reportDelivery } from './report-delivery';

const exchange = { channel: 'email', direction: 'out', messageId: '<a@b>' } as const;
const sent: RequestEvent = { type: 'RequestResponded', data: { text: 'Hello', by: 'staff', exchange } };
const delivered: RequestEvent = { type: 'RequestMessageDelivered', data: { about: 1 } };
const failed = (isFinal: boolean): RequestEvent => ({
  type: 'RequestMessageFailed',
  data: { about: 1, reason: 'unreachable', isFinal, detail: undefined },
});
const report = { message: 1, outcome: 'delivered' } as const;
const inVain = (isFinal: boolean) => ({ message: 1, outcome: 'failed', reason: 'unreachable', isFinal }) as const;
const when = (history: readonly RequestEvent[], command: ReportDelivery) =>
  given(...history).when((state) => reportDelivery(command, state));

it('says once that a message was delivered', () => {
  when([opened(), sent], report).then(delivered);
  when([opened(), sent, delivered], report).then();
  when([opened(), sent, failed(true)], report).then(delivered);
});
it('says each time that it was tried in vain, until it is given up', () => {
  when([opened(), sent], inVain(false)).then(failed(false));
  when([opened(), sent, failed(false)], inVain(true)).then(failed(true));
  when([opened(), sent, failed(true)], inVain(false)).then();
});
it('gives it up after so many times', () =>
  when([opened(), sent, ...Array<RequestEvent>(attemptsMax - 1).fill(failed(false))], inVain(false)).then(
    failed(true),
  ));
it('hears of what came back after it was delivered, and not of what was only late', () => {
  when([opened(), sent, delivered], inVain(true)).then(failed(true));
  when([opened(), sent, delivered], inVain(false)).then();
});
it('knows what was to be carried', () => {
  when([opened(), responded()], report).refused('UNKNOWN_EXCHANGE');
  when([opened(), sent], { ...report, message: 0 }).refused('UNKNOWN_EXCHANGE');
  when([opened(), sent], { ...report, message: 7 }).refused('UNKNOWN_EXCHANGE');
  when([], report).refused('UNKNOWN_EXCHANGE');
});
it('ends, whatever is reported, and in as many events as attempts', () =>
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(
          fc.constant<ReportDelivery>(report),
          fc.record<Extract<ReportDelivery, { outcome: 'failed' }>>({
            ...{ message: fc.constant(1), outcome: fc.constant('failed' as const) },
            ...{ reason: fc.constantFrom(...deliveryFailures), isFinal: fc.boolean() },
          }),
        ),
        { maxLength: 60 },
      ),
      (reports) => {
        const history: RequestEvent[] = [opened(), sent];
        const sendingNow = (): Sending | undefined => {
          const state = fold(requestEvolution, recorded('request', number, history));
          return state.status === 'none' ? undefined : state.history[1]?.sending;
        };
        for (const each of reports)
          history.push(...reportDelivery(each, fold(requestEvolution, recorded('request', number, history))));
        const last = history.filter(({ type }) => type.startsWith('RequestMessage')).at(-1);
        const status = last?.type === 'RequestMessageFailed' && !last.data.isFinal ? 'waiting' : undefined;
        const expected = last?.type === 'RequestMessageDelivered' ? 'delivered' : 'failed';
        expect(sendingNow()?.status).toBe(last ? (status ?? expected) : 'waiting');
        expect(sendingNow()?.attempts).toBe(history.filter(({ type }) => type === 'RequestMessageFailed').length);
      },
    ),
  ));
