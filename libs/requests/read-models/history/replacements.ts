import { Recorded } from '../../../eventing/event';
import { RequestEvent } from '../../events';

/** What corrections replaced, and by which corrections an event was put right. All by revision. */
export interface Replacements {
  /** Of a correction: the values that held until then. */
  readonly replaced: ReadonlyMap<number, object>;
  /** Of a corrected event: the corrections, oldest first. */
  readonly correctedBy: ReadonlyMap<number, readonly number[]>;
}

type Values = Readonly<Record<string, unknown>>;

const given = (values: object): readonly string[] =>
  Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([name]) => name);

const pick = (values: Values, names: readonly string[]): Values =>
  Object.fromEntries(names.filter((name) => name in values).map((name) => [name, values[name]]));

/** @param events every correction of one case and the events that they correct, in order */
export const replacementsIn = (events: readonly Recorded<RequestEvent>[]): Replacements => {
  const holding = new Map<number, Values>();
  const replaced = new Map<number, object>();
  const correctedBy = new Map<number, number[]>();
  for (const event of events) {
    holding.set(event.revision, { ...event.data, occurredAt: event.metadata.occurredAt });
    if (event.type !== 'RequestCorrected') continue;
    const { corrects, values } = event.data;
    const before = holding.get(corrects) ?? {};
    replaced.set(event.revision, pick(before, given(values)));
    holding.set(corrects, { ...before, ...values });
    correctedBy.set(corrects, [...(correctedBy.get(corrects) ?? []), event.revision]);
  }
  return { replaced, correctedBy };
};
