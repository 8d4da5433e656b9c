import { Drafts } from '../../drafts/draft';
import { DraftEvent } from '../../drafts/events';

/** Throws away what somebody was writing. Nothing there: nothing happens. */
export const discardDraft = (by: string, { drafts }: Drafts): DraftEvent[] =>
  drafts[by] ? [{ type: 'DraftDiscarded', data: { by } }] : [];
