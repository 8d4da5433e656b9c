import { mergedRejection } from '../../../relations/relate';
import { DraftEvent } from '../../drafts/events';
import { Drafts } from '../../drafts/draft';
import { assertTakesWords } from '../../messages';
import { Request } from '../../request';

export interface SaveDraft {
  readonly by: string;
  readonly text: string;
  /** Revision of their draft that says the same already. */
  readonly same: number | undefined;
}

/** Keeps what somebody is writing, in place of what they wrote before. Only where it could be sent. */
export const saveDraft = ({ by, text, same }: SaveDraft, request: Request, { drafts }: Drafts): DraftEvent[] => {
  const { customer, mergedInto } = assertTakesWords(request);
  if (mergedInto !== null) throw mergedRejection(request.number, mergedInto);
  if (same !== undefined && drafts[by]?.revision === same) return [];
  return [{ type: 'DraftSaved', data: { customer, by, text } }];
};
