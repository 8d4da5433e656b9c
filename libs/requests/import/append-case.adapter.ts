/**
 * Brings mapped cases into the log.
 *
 * Guarantee: the same case of the same mapping is opened once in an installation, however often and wherever an import was cut off:
 * its number and all ids follow from the mapping's name and the id of the case. It does not take in rows that came to a case
 * after it was imported; those are reported as different.
 */
import { numberFor } from '../../case-numbers/number-for';
import { CommandContext, Decided, Outcome, StreamTaken } from '../../eventing/command-runner';
import { commandIdOf } from '../../eventing/envelope';
import { keyOf } from '../../eventing/event';
import { CommandIdReused, Unavailable } from '../../eventing/failures';
import { Rejection } from '../../eventing/rejection';
import { Engine } from '../../platform/engine/engine';
import { RequestEvent } from '../events';
import { ServiceLevelBook } from '../../service-levels/book.adapter';
import { nameHistory } from '../naming';
import { Request, requestEvolution } from '../request';
import { importActor } from './identities';
import { MappedCase } from './map-case';

// The store takes 1 MiB in one append; sealing and metadata make an event larger than its text.
const appendCharactersMax = 300_000;
const appendEventsMax = 400;
const charactersBesideText = 1_500;
const attemptsMax = 5_000;

export type CaseOutcome =
  | { readonly kind: 'added'; readonly events: number; readonly position: bigint }
  | { readonly kind: 'known' }
  /** Known, with other rows than these. */
  | { readonly kind: 'different' }
  | { readonly kind: 'refused'; readonly reason: string };

export interface ImportCommand {
  readonly mapping: string;
  readonly batch: string;
  readonly prefix: string;
  readonly now: () => Date;
}

interface Chunk {
  readonly index: number;
  readonly events: readonly Decided<RequestEvent>[];
}

/** What fits into one append each; the first one leaves room for the opening. */
export const chunksOf = (events: readonly Decided<RequestEvent>[]): readonly Decided<RequestEvent>[][] => {
  const chunks: Decided<RequestEvent>[][] = [[]];
  let size = charactersBesideText;
  for (const event of events) {
    const more = JSON.stringify(event.data).length + charactersBesideText;
    const last = chunks.at(-1) ?? [];
    const isFull = size + more > appendCharactersMax || last.length >= appendEventsMax;
    if (isFull) chunks.push([event]);
    else last.push(event);
    size = isFull ? more : size + more;
  }
  return chunks;
};

export class CaseAppender {
  constructor(
    private readonly engine: Engine,
    private readonly command: ImportCommand,
    private readonly book: ServiceLevelBook,
  ) {}

  /** @param digest of the rows that the case was mapped from @throws Unavailable */
  async append(mapped: MappedCase, digest: string): Promise<CaseOutcome> {
    try {
      const { opening, others } = await this.named(mapped);
      const [first = [], ...more] = chunksOf(others);
      const outcomes = [await this.open({ ...mapped, opening }, first, digest)];
      const number = keyOf(outcomes[0]?.stream ?? '');
      for (const [index, events] of more.entries())
        outcomes.push(await this.extend(number, mapped.caseId, { index: index + 1, events }, digest));
      const added = outcomes.filter(({ replayed }) => !replayed);
      const position = added.at(-1)?.position;
      if (position === undefined) return { kind: 'known' };
      return { kind: 'added', events: added.reduce((sum, { events }) => sum + events.length, 0), position };
    } catch (error) {
      if (error instanceof CommandIdReused) return { kind: 'different' };
      if (error instanceof Rejection) return { kind: 'refused', reason: error.message };
      throw error;
    }
  }

  /** Each event by the policies of its own day. */
  private async named({ opening, others }: MappedCase): Promise<Pick<MappedCase, 'opening' | 'others'>> {
    const book = await this.book.current();
    const [first, ...later] = nameHistory(book, [{ ...opening, data: { ...opening.data, number: '' } }, ...others]);
    return { opening: { ...opening, notes: { ...first?.event.notes } }, others: later.map(({ event }) => event) };
  }

  private async open(
    { caseId, opening }: MappedCase,
    events: readonly Decided<RequestEvent>[],
    digest: string,
  ): Promise<Outcome> {
    const context = this.context(caseId, 0);
    const { numberKey: key, installation } = this.engine;
    for (let attempt = 0; attempt < attemptsMax; attempt++) {
      const number = numberFor({
        ...{ key, prefix: this.command.prefix, commandId: context.commandId, attempt, installation },
      });
      try {
        return await this.engine.runner.execute<Request, RequestEvent>({
          evolution: requestEvolution,
          key: number,
          expects: 'new',
          body: { caseId, digest },
          context,
          decide: () => [{ ...opening, data: { number, ...opening.data } }, ...events],
        });
      } catch (error) {
        if (!(error instanceof StreamTaken)) throw error;
      }
    }
    throw new Unavailable('not-done', 'no free number was found');
  }

  private extend(number: string, caseId: string, { index, events }: Chunk, digest: string): Promise<Outcome> {
    return this.engine.runner.execute<Request, RequestEvent>({
      evolution: requestEvolution,
      key: number,
      expects: 'existing',
      body: { caseId, digest, index },
      context: this.context(caseId, index),
      decide: () => events,
    });
  }

  private context(caseId: string, chunk: number): CommandContext {
    const { mapping, batch, now } = this.command;
    const commandId = commandIdOf(importActor, `import/${mapping}`, chunk ? `${caseId}\n${chunk}` : caseId);
    return {
      ...{ actor: importActor, commandId, fresh: false, correlationId: commandId, causationId: commandId },
      ...{ recordedAt: now().toISOString(), origin: `import:${batch}` },
    };
  }
}
