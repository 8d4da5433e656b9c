import { Evolution } from '../../eventing/decider';
import { Recorded } from '../../eventing/event';
import { PersonalText } from '../../eventing/sealed';
import { draftCategory, DraftEvent } from './events';

export interface Draft {
  /** Of the saving, in the stream of drafts. */
  readonly revision: number;
  readonly text: PersonalText;
  /** RFC 3339, UTC, milliseconds. */
  readonly savedAt: string;
}

/** What is being written about one case. */
export interface Drafts {
  /** Empty before the first. */
  readonly customer: string;
  /** By id of who writes it. */
  readonly drafts: Readonly<Record<string, Draft>>;
}

export const noDrafts: Drafts = { customer: '', drafts: {} };

export const evolveDrafts = (state: Drafts, { type, data, revision, metadata }: Recorded<DraftEvent>): Drafts => {
  const { [data.by]: _, ...others } = state.drafts;
  if (type !== 'DraftSaved') return { ...state, drafts: others };
  const draft = { revision, text: data.text, savedAt: metadata.occurredAt };
  return { customer: data.customer, drafts: { ...others, [data.by]: draft } };
};

export const draftEvolution: Evolution<Drafts, DraftEvent> = {
  category: draftCategory,
  initialState: noDrafts,
  evolve: evolveDrafts,
  ownerOf: ({ customer }, event) => {
    if (customer) return customer;
    return event?.type === 'DraftSaved' ? event.data.customer : undefined;
  },
};

/** The draft has become an answer. What was written since stays one. */
export const endDraft = (
  { by, draft, answer }: { readonly by: string; readonly draft: number; readonly answer: number },
  { drafts }: Drafts,
): DraftEvent[] => (drafts[by]?.revision === draft ? [{ type: 'DraftSent', data: { by, answer } }] : []);
