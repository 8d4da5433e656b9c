import { EventType } from '../../eventing/event-types';
import { PersonalText } from '../../eventing/sealed';

/**
 * Drafts of answers: a stream for each case, under its number, so that nobody's saving moves the revision of the case itself. Of what one
 * member of staff writes the last counts, until it is sent or discarded.
 */
export const draftCategory = 'draft';

interface Data {
  DraftSaved: {
    /** Whose the case is, and whose key seals the text. */
    readonly customer: string;
    readonly by: string;
    readonly text: PersonalText;
  };
  DraftDiscarded: { readonly by: string };
  /** It became the answer at this revision of the case. */
  DraftSent: { readonly by: string; readonly answer: number };
}

export type DraftEventType = keyof Data;
export type DraftEvent = {
  readonly [K in DraftEventType]: { readonly type: K; readonly data: Data[K] };
}[DraftEventType];

export const draftEventTypes: Readonly<Record<DraftEventType, EventType>> = {
  DraftSaved: { schema: 1, personal: ['/text'], plain: ['/customer', '/by'] },
  DraftDiscarded: { schema: 1, personal: [], plain: ['/by'] },
  DraftSent: { schema: 1, personal: [], plain: ['/by'] },
};
