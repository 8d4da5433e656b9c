import { RequestEvent } from '../../events';
import { noted, opened, resolved, responded } from '../../testing/given';
import { timeline } from '../testing/timeline';
import { ConversationRow, evolveConversation, conversationProjection } from './conversation.projection';
import { isPublic, utterancesIn } from './exchange';

const attached = (about: number | null): RequestEvent => ({
  type: 'RequestFileAttached',
  data: {
    ...{ name: 'a.txt', mediaType: 'text/plain', about, scan: { verdict: 'not-scanned', by: 'none' } },
    content: { bytes: 1, sha256: 'x', person: 'customer-1', valueKey: 'v' },
  },
});
const answer = (attachments: number[], by: 'staff' | 'customer' = 'staff'): RequestEvent => ({
  type: 'RequestResponded',
  data: { text: 'x', by, exchange: { attachments, worked: { talkSeconds: 1, holdSeconds: 2, wrapUpSeconds: 3 } } },
});
const rowOf = (...events: readonly RequestEvent[]): ConversationRow =>
  timeline(events.map((event, index) => [index, event])).reduce<ConversationRow>(
    (row, event) => evolveConversation(row, event) ?? row,
    conversationProjection.initial('x'),
  );
const seen = (row: ConversationRow) => row.files.map(({ revision, isPublic: isSeen }) => [revision, isSeen]);

it('shows the customer a file from the message on that carries it', () => {
  expect(seen(rowOf(opened(), attached(null), attached(null)))).toEqual([
    [1, false],
    [2, false],
  ]);
  expect(seen(rowOf(opened(), attached(null), attached(null), answer([2])))).toEqual([
    [1, false],
    [2, true],
  ]);
});
it('shows the customer what came with a message that they see, and not what came with a note', () => {
  expect(seen(rowOf(opened(), noted, attached(1), attached(0)))).toEqual([
    [2, false],
    [3, true],
  ]);
});
it('sums the time worked by who wrote it down', () => {
  const row = rowOf(opened(), answer([]), answer([]));
  expect(Object.values(row.worked)).toEqual([{ talkSeconds: 2, holdSeconds: 4, wrapUpSeconds: 6 }]);
});
it('keeps the last feedback on each resolution', () => {
  const feedback = (rating: number, about: number): RequestEvent => ({
    type: 'RequestFeedbackGiven',
    data: { rating, about },
  });
  const row = rowOf(opened(), resolved, feedback(2, 1), feedback(4, 1), resolved, feedback(1, 4));
  expect(row.feedback.map(({ rating, about }) => [rating, about])).toEqual([
    [4, 1],
    [1, 4],
  ]);
});
it('knows a redacted file', () => {
  const redacted: RequestEvent = {
    type: 'RequestTextRedacted',
    data: { redacts: 1, pointer: '/content', reason: 'x' },
  };
  expect(rowOf(opened(), attached(null), attached(null), redacted).files.map(({ isRedacted }) => isRedacted)).toEqual([
    true,
    false,
  ]);
});
it('has no row before the opening', () => {
  const [event] = timeline([[0, responded()]]);
  expect(event && evolveConversation(conversationProjection.initial('x'), event)).toBeNull();
});
it('tells a customer’s own words from those of the staff', () => {
  const [opening, note, reopening] = timeline([
    [0, opened()],
    [1, noted],
    [2, { type: 'RequestReopened', data: { reason: 'x' } }],
  ]);
  if (!opening || !note || !reopening) throw new Error('the timeline is short');
  expect([opening, note, reopening].map((event) => isPublic(event, 'customer-1'))).toEqual([true, false, false]);
  expect(isPublic({ ...reopening, metadata: { ...reopening.metadata, actor: 'customer-1' } }, 'customer-1')).toBe(true);
  expect(utterancesIn(reopening, 'customer-1')).toMatchObject([{ kind: 'reopening', text: 'x', isByCustomer: false }]);
});
