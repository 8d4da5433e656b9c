import fc from 'fast-check';
import { fold } from '../../eventing/decider';
import { codeOfRejection } from '../../eventing/testing/rejections';
import { recorded, specification } from '../../eventing/testing/specification';
import { discardDraft } from '../commands/discard-draft/discard-draft';
import { saveDraft } from '../commands/draft/draft';
import { respond } from '../commands/respond/respond';
import { RequestEvent } from '../events';
import { requestEvolution } from '../request';
import { begun, given as givenCase, histories, number, opened, responded } from '../testing/given';
import { draftEvolution, endDraft } from './draft';
import { DraftEvent } from './events';

const given = specification(draftEvolution, number);
const saved = (by: string, text = 'Hello'): DraftEvent => ({
  type: 'DraftSaved',
  data: { customer: 'customer-1', by, text },
});
const caseAfter = (...events: readonly RequestEvent[]) => fold(requestEvolution, recorded('request', number, events));
const open = caseAfter(opened());

it('is kept in place of what the same person wrote before, and beside what others write', () => {
  given(saved('alice'), saved('bob'))
    .when((state) => saveDraft({ by: 'alice', text: 'Hello Ada', same: undefined }, open, state))
    .then(saved('alice', 'Hello Ada'));
  given(saved('alice'))
    .when((state) => saveDraft({ by: 'alice', text: 'Hello', same: 0 }, open, state))
    .then();
  // What was the same has been ended meanwhile.
  given(saved('alice'), { type: 'DraftDiscarded', data: { by: 'alice' } })
    .when((state) => saveDraft({ by: 'alice', text: 'Hello', same: 0 }, open, state))
    .then(saved('alice'));
});

it('is kept wherever an answer can be given, and nowhere else', () => {
  const none = { customer: '', drafts: {} };
  for (const [status, events] of Object.entries(histories)) {
    const state = caseAfter(...events);
    const draft = codeOfRejection(() => saveDraft({ by: 'alice', text: 'x', same: undefined }, state, none));
    const answer = codeOfRejection(() => respond({ text: 'x', by: 'staff', writtenBy: 'staff' }, state, begun));
    expect([status, draft.startsWith('accepted')]).toEqual([status, answer.startsWith('accepted')]);
  }
  const merged = caseAfter(opened(), { type: 'RequestMerged', data: { into: 'CSR-9B2-4HT-0Y6', reason: 'x' } });
  expect(codeOfRejection(() => saveDraft({ by: 'a', text: 'x', same: undefined }, merged, none))).toBe(
    'REQUEST_MERGED',
  );
});

it('is discarded by its writer alone', () => {
  given(saved('alice'))
    .when((state) => discardDraft('alice', state))
    .then({ type: 'DraftDiscarded', data: { by: 'alice' } });
  given(saved('alice'))
    .when((state) => discardDraft('bob', state))
    .then();
});

it('is sent once', () => {
  const answer = { text: 'Hello', by: 'staff', writtenBy: 'staff', draft: 3 } as const;
  givenCase(opened())
    .when((state) => respond(answer, state, begun))
    .then({ type: 'RequestResponded', data: { text: 'Hello', by: 'staff', draft: 3 } });
  givenCase(opened(), { type: 'RequestResponded', data: { text: 'Hello', by: 'staff', draft: 3 } }, responded())
    .when((state) => respond(answer, state, begun))
    .refused('DRAFT_SENT');
});

it('is ended by the answer that it became, unless it was written on since', () => {
  given(saved('alice'), saved('bob'))
    .when((state) => endDraft({ by: 'alice', draft: 0, answer: 7 }, state))
    .then({ type: 'DraftSent', data: { by: 'alice', answer: 7 } });
  given(saved('alice'), saved('alice', 'More'))
    .when((state) => endDraft({ by: 'alice', draft: 0, answer: 7 }, state))
    .then();
});

it('of one person depends on nothing that another does', () => {
  const event = fc.record({ by: fc.constantFrom('alice', 'bob'), kind: fc.nat(2), text: fc.string() });
  const eventOf = ({ by, kind, text }: { by: string; kind: number; text: string }): DraftEvent => {
    if (kind === 0) return saved(by, text);
    return kind === 1 ? { type: 'DraftDiscarded', data: { by } } : { type: 'DraftSent', data: { by, answer: 1 } };
  };
  const textsAfter = (events: readonly DraftEvent[], by: string) =>
    fold(draftEvolution, recorded('draft', number, events)).drafts[by]?.text;
  fc.assert(
    fc.property(fc.array(event), (steps) => {
      const events = steps.map(eventOf);
      for (const by of ['alice', 'bob'])
        expect(textsAfter(events, by)).toEqual(
          textsAfter(
            events.filter(({ data }) => data.by === by),
            by,
          ),
        );
    }),
  );
});
