import { Rejection } from '../../eventing/rejection';
import { erased, redacted } from '../../eventing/unsealer';
import { Engine } from '../../platform/engine/engine';
import { draftEvolution } from './draft';

export interface OpenedDraft {
  readonly revision: number;
  readonly text: string;
}

/** Drafts in clear, as the log has them now: for their writer alone. */
export class OpenedDrafts {
  constructor(private readonly engine: Pick<Engine, 'runner' | 'unsealer'>) {}

  async of(number: string, by: string): Promise<OpenedDraft | undefined> {
    const { state } = await this.engine.runner.load(draftEvolution, number);
    const draft = state.drafts[by];
    if (!draft) return undefined;
    const text = await this.engine.unsealer.open(draft.text, true);
    return text === erased || text === redacted ? undefined : { revision: draft.revision, text };
  }

  /** The words to send. @throws Rejection UNKNOWN_DRAFT for another revision than that of the last saving */
  async toSend(
    number: string,
    by: string,
    revision: number,
  ): Promise<{ readonly text: string; readonly draft: number }> {
    const draft = await this.of(number, by);
    if (draft?.revision === revision) return { text: draft.text, draft: revision };
    const detail = 'this is not the revision of a draft of yours';
    throw new Rejection('UNKNOWN_DRAFT', detail, [{ pointer: '/draft', code: 'UNKNOWN_DRAFT', detail }]);
  }
}
