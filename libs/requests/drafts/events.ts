import { carries, EventOf } from '../../eventing/event-types';
import { PersonalText } from '../../eventing/sealed';

/**
 * Drafts of answers: a stream for each case, under its number, so that nobody's saving moves the revision of the case itself. Of what one
 * member of staff writes the last counts, until it is sent or discarded.
 */
export const draftCategory = 'draft';

export const draftEventTypes = {
  DraftSaved: carries<{
    /** Whose the case is, and whose key seals the text. */
    readonly customer: string;
    readonly by: string;
    readonly text: PersonalText;
  }>({ schema: 1, personal: ['/text'], plain: ['/customer', '/by'] }),
  DraftDiscarded: carries<{ readonly by: string }>({ schema: 1, personal: [], plain: ['/by'] }),
  /** It became the answer at this revision of the case. */
  DraftSent: carries<{ readonly by: string; readonly answer: number }>({ schema: 1, personal: [], plain: ['/by'] }),
};

export type DraftEventType = keyof typeof draftEventTypes;
export type DraftEvent = EventOf<typeof draftEventTypes>;
