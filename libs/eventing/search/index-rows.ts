import { PoolClient } from 'pg';
import { byStream } from '../by-stream';
import { keyOf } from '../event';
import { EventTypes } from '../event-types';
import { MovedOn } from '../following/follower-loop';
import { KeyRing } from '../keys/key-ring';
import { decode } from '../projections/decoding';
import { LoggedEvent } from '../projections/mirror';
import { Turns } from '../turns';
import { erased, redacted, Unsealer } from '../unsealer';
import { IndexRow, SearchIndex } from './search-index';
import { forgottenAmong } from './search-store.adapter';
import { SearchDocument, Tokens, vectorOf } from './terms';

/** Documents as a table under one key must have them, for whoever writes them and whoever looks whether they are so. */
const documentsPerOpening = 20;

export interface IndexRowsOptions {
  readonly types: EventTypes;
  readonly keys: KeyRing;
  readonly unsealer: Unsealer;
}

interface KeyedDocument {
  readonly key: string;
  readonly document: SearchDocument;
}

/** Told of a key of whose history no document can be made. */
export type OnUnmade = (key: string, error: unknown) => void;

export class IndexRows {
  constructor(private readonly options: IndexRowsOptions) {}

  /** @param events whole histories, up to a sequence of the log @throws MovedOn when the key has been rolled meanwhile */
  async of(
    db: PoolClient,
    index: SearchIndex,
    keyId: string,
    events: readonly LoggedEvent[],
    upTo: number,
    onUnmade: OnUnmade,
  ): Promise<readonly IndexRow[]> {
    const documents: KeyedDocument[] = [];
    const turns = new Turns();
    for (const [stream, history] of byStream(events)) {
      const key = keyOf(stream);
      const known = decode(this.options.types, history).events.map(({ event }) => event);
      try {
        const document = index.documentOf(key, known);
        if (document) documents.push({ key, document });
      } catch (error) {
        onUnmade(key, error);
      }
      await turns.pass();
    }
    const owners = documents.map(({ document }) => document.owner);
    const forgotten = await forgottenAmong(db, index, [...new Set(owners)], upTo);
    return this.tokenised(
      keyId,
      documents.map(({ key, document }) => ({
        key,
        document: forgotten.has(document.owner) ? { ...document, texts: [] } : document,
      })),
      onUnmade,
    );
  }

  private async tokenised(
    keyId: string,
    documents: readonly KeyedDocument[],
    onUnmade: OnUnmade,
  ): Promise<readonly IndexRow[]> {
    const key = (await this.options.keys.find('search_key', [keyId])).get(keyId);
    // Another worker was faster to roll it.
    if (!(key instanceof Buffer)) throw new MovedOn();
    const tokens = new Tokens(key);
    const rows: IndexRow[] = [];
    const turns = new Turns();
    for (let from = 0; from < documents.length; from += documentsPerOpening) {
      const some = documents.slice(from, from + documentsPerOpening);
      const opened = await this.options.unsealer.open(
        some.map(({ document }) => document.texts),
        true,
      );
      for (const [place, { key: own, document }] of some.entries()) {
        const { owner, labels, columns } = document;
        const texts = (opened[place] ?? []).filter(({ text }) => text !== erased && text !== redacted);
        const lacksTexts = texts.length < document.texts.length;
        try {
          rows.push({ key: own, owner, columns, terms: vectorOf(tokens, labels, texts), lacksTexts });
        } catch (error) {
          onUnmade(own, error);
        }
        await turns.pass();
      }
    }
    return rows;
  }
}
