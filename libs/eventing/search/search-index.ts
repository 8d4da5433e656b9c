import { DomainEvent, Recorded } from '../event';
import { SearchDocument } from './terms';

/** What can be found by words: a pure fold from the events of one stream to a document under the stream's key. */
export interface SearchIndex {
  readonly name: string;
  /** Changes whenever a document or its words come out otherwise. */
  readonly version: number;
  readonly category: string;
  /** Types of events that change a document. */
  readonly types: readonly string[];
  /** `null` where there is nothing to find. @param events what this build can read of the stream, from its first event on */
  readonly documentOf: (key: string, events: readonly Recorded<DomainEvent>[]) => SearchDocument | null;
  /** PostgreSQL types of the columns that a document has values for. */
  readonly columns: Readonly<Record<string, string>>;
  /** Column lists to index, such as `opened_at, key`. */
  readonly indexes: readonly string[];
  /** Events in the owner's own stream after which nothing of the texts may stay. */
  readonly forgetting: { readonly category: string; readonly types: readonly string[] };
}

/** One table of an index, under one key. */
export interface Generation {
  readonly keyId: string;
  /** Documents are those of the log up to here. */
  readonly sequence: number;
  /** While it is built: the last stream that is in it; null afterwards. */
  readonly builtStream: string | null;
  /** Whether searches go by it. */
  readonly serving: boolean;
}

export const indexTableOf = ({ name, version }: Pick<SearchIndex, 'name' | 'version'>, keyId: string): string =>
  `${name}_v${version}_${keyId}`.replaceAll('-', '_');

/** A document as its table has it. */
export interface IndexRow {
  readonly key: string;
  readonly owner: string;
  readonly terms: string;
  readonly columns: SearchDocument['columns'];
  /** Keys of some texts are gone, which the log does not say yet: words of theirs may still stand in the table. */
  readonly lacksTexts: boolean;
}
