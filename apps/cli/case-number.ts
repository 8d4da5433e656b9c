import { corrections } from '../../libs/case-numbers/corrections';
import { NumberSpace, parseNumber } from '../../libs/case-numbers/parse-number';
import { streamOf } from '../../libs/eventing/event';
import { Engine } from '../../libs/platform/engine/engine';
import { exceptionCategory } from '../../libs/exceptions/events';
import { exceptionPrefix } from '../../libs/exceptions/vocabulary';
import { requestCategory } from '../../libs/requests/events';
import { requestPrefix } from '../../libs/requests/vocabulary';
import { Failed } from './failures';

/** What has a number: its word for people, and its category. */
interface Kind {
  readonly word: string;
  readonly category: string;
}

type Kinds = Readonly<Record<string, Kind>>;

const requestsOnly: Kinds = { [requestPrefix]: { word: 'request', category: requestCategory } };
/** Whatever has a number here. */
export const everything: Kinds = {
  ...requestsOnly,
  [exceptionPrefix]: { word: 'exception', category: exceptionCategory },
};

const prefixOf = (number: string): string => number.slice(0, number.indexOf('-'));

export const categoryOfNumber = (number: string): string => everything[prefixOf(number)]?.category ?? requestCategory;

const exists = async ({ store }: Engine, number: string): Promise<boolean> =>
  (await store.read(streamOf(categoryOfNumber(number), number))).length > 0;

const existing = async (engine: Engine, numbers: readonly string[]): Promise<readonly string[]> => {
  const found = await Promise.all(numbers.map((number) => exists(engine, number)));
  return numbers.filter((_, index) => found[index]);
};

/** The exact number of what was typed, with or without dashes, in any case. @throws Failed with the cases that were meant */
export const exactNumber = async (engine: Engine, text: string, kinds: Kinds = requestsOnly): Promise<string> => {
  const space: NumberSpace = { installation: engine.installation, prefixes: Object.keys(kinds) };
  const parsed = parseNumber(text, space);
  if (parsed.ok && (await exists(engine, parsed.number))) return parsed.number;
  if (parsed.ok) throw new Failed('refused', `there is no ${kinds[parsed.prefix]?.word} ${parsed.number}`);
  const meant = await existing(engine, corrections(text, space));
  const question = meant.length ? `; did you mean ${meant.join(' or ')}?` : '';
  throw new Failed('refused', `${JSON.stringify(text)} is not the number of a request here${question}`);
};
