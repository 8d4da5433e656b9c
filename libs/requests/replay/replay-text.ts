import { Opened } from '../../eventing/unsealer';
import { ReplayState, ReplayStep } from './replay';

/** A replay for people to read: columns for when, what and who; below them the facts, and the state that they lead to. */
const factColumn = 24;
const lineWidth = 120;

export interface ReplayNames {
  /** Handles of staff and teams by id. */
  readonly handles: ReadonlyMap<string, string>;
  readonly customer: string | undefined;
}

/** What of a step is told alike, whatever it is a step of. */
type Shown = Pick<Opened<ReplayStep>, 'revision' | 'actor' | 'recordedAt' | 'occurredAt' | 'origin'> &
  Partial<Pick<Opened<ReplayStep>, 'sourceActivity' | 'flags' | 'replaced' | 'correctedBy'>> & {
    readonly type: string;
    readonly data: object;
  };

type CaseStep = Opened<ReplayStep>;

export const named = ({ handles, customer }: ReplayNames, id: string): string =>
  id === customer ? 'the customer' : (handles.get(id) ?? id);

const instant = (iso: string): string => iso.replace('T', ' ').replace('Z', '');

const wrapped = (text: string, indent: number): string => {
  const lines: string[] = [];
  for (const paragraph of text.split(/\r?\n/)) {
    let line = '';
    for (const word of paragraph.split(' ')) {
      if (line && indent + line.length + 1 + word.length > lineWidth) {
        lines.push(line);
        line = word;
      } else line = line ? `${line} ${word}` : word;
    }
    lines.push(line);
  }
  // Control characters would let a text draw over what stands around it.
  return lines.map((line) => line.replace(/\p{Cc}/gu, '·')).join(`\n${' '.repeat(indent)}`);
};

const valueText = (value: unknown, names: ReplayNames): string => {
  if (value === null) return '-';
  if (typeof value === 'string') return named(names, value);
  if (typeof value !== 'object') return String(value);
  return Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .map(([key, member]) => `${key} ${valueText(member, names)}`)
    .join(', ');
};

const fact = (name: string, text: string): string =>
  `${' '.repeat(5)}${name.padEnd(factColumn - 5)}${wrapped(text, factColumn)}`;

const dataFacts = ({ data }: Shown, names: ReplayNames): readonly string[] =>
  Object.entries(data)
    .filter(([name, value]) => value !== undefined && name !== 'values' && name !== 'corrects')
    .map(([name, value]) => fact(name, valueText(value, names)));

const isCorrection = (data: object): data is { corrects: number; values: object } =>
  'corrects' in data && 'values' in data;

/** What was wrong and what is right, side by side. */
const correctionFacts = ({ data, replaced }: Shown, names: ReplayNames): readonly string[] => {
  if (!isCorrection(data)) return [];
  const before: Readonly<Record<string, unknown>> = { ...replaced };
  return [
    fact('corrects', `event ${data.corrects}`),
    ...Object.entries(data.values)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) =>
        fact(`  ${name}`, `${valueText(before[name] ?? null, names)} → ${valueText(value, names)}`),
      ),
  ];
};

const circumstances = (step: Shown): string[] => {
  const { recordedAt, occurredAt, origin, sourceActivity = null, flags = [], correctedBy = [] } = step;
  return [
    ...(recordedAt === occurredAt ? [] : [fact('(recorded', `${instant(recordedAt)})`)]),
    ...(origin === 'live'
      ? []
      : [fact('(origin', `${origin}${sourceActivity === null ? '' : `: ${sourceActivity}`})`)]),
    ...(flags.length ? [fact('(flags', `${flags.join(', ')})`)] : []),
    ...(correctedBy.length ? [fact('(corrected by', `event ${correctedBy.join(', ')})`)] : []),
  ];
};

const stateText = (state: Opened<ReplayState>, names: ReplayNames): string => {
  const { status, waitingFor, code, priority, impact, urgency, type, category, product, level, team, assignee } = state;
  const parts = [
    waitingFor === null ? status : `${status}, waits for ${waitingFor}`,
    code,
    priority === null ? null : `${priority} (impact ${impact}, urgency ${urgency})`,
    [type, category, product].filter((part) => part !== null).join(' / '),
    level,
    team === null
      ? 'with nobody'
      : `with ${named(names, team)}${assignee === null ? '' : `, ${named(names, assignee)}`}`,
  ];
  return parts.filter((part) => part !== null && part !== '').join(' · ');
};

const stepText = (step: Shown, state: string, names: ReplayNames): string =>
  [
    `${String(step.revision).padStart(3)}  ${instant(step.occurredAt)}  ${step.type.padEnd(24)} ${named(names, step.actor)}`,
    ...correctionFacts(step, names),
    ...dataFacts(step, names),
    ...circumstances(step),
    `   → ${state}`,
  ].join('\n');

/** @param eventsTotal of the whole case, of which the steps may be the first part */
export const replayText = (
  number: string,
  steps: readonly CaseStep[],
  eventsTotal: number,
  names: ReplayNames,
): string => toldText(number, steps, eventsTotal, names, ({ state }) => stateText(state, names));

/** Any history in the same form. @param stateAfter the line below a step: what it has led to */
export const toldText = <S extends Shown>(
  number: string,
  steps: readonly S[],
  eventsTotal: number,
  names: ReplayNames,
  stateAfter: (step: S) => string,
): string => {
  const told =
    steps.length === eventsTotal ? `${eventsTotal} events` : `the first ${steps.length} of ${eventsTotal} events`;
  const customer = names.customer === undefined ? '' : ` · customer ${names.customer}`;
  return [
    `${number} · ${told}${customer} · times are UTC`,
    ...steps.map((step) => stepText(step, stateAfter(step), names)),
  ].join('\n\n');
};
