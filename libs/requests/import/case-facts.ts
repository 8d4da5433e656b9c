import { seededMatrix } from '../../configuration/seeds';
import { Classification } from '../event-values';
import { RequestEventOf } from '../events';
import { Impact, impacts } from '../vocabulary';
import { Mapping, ValueRule } from './mapping';
import { Cells, fill, RowReader, Step, valueOf } from './rows';

/** What a row says about a case, in Casefold's words and ids. Pure. */
/** Ids of those whom a source names in its own words; the caller makes sure that they are known. */
export interface Identities {
  staff(name: string): string;
  team(name: string): string;
  /** @param key what tells one customer of this source from another */
  customer(key: string): string;
  /** Who acts where the source names nobody. */
  readonly importer: string;
}

/** The opening before it has a number. */
export interface Opening {
  readonly type: 'RequestOpened';
  readonly data: Omit<RequestEventOf<'RequestOpened'>['data'], 'number'>;
}

/** The case at hand and how to read it. */
export interface Frame {
  readonly mapping: Mapping;
  readonly reader: RowReader;
  readonly ids: Identities;
  readonly batch: string;
  readonly caseId: string;
}

const codeCharactersMax = 80;
const subjectCharactersMax = 300;

const cut = (text: string, charactersMax: number): string => [...text].slice(0, charactersMax).join('');

export const word = (rule: ValueRule, cells: Cells): string | null => {
  const found = valueOf(rule, cells);
  return found === null ? null : cut(found, codeCharactersMax);
};

const impact = (rule: ValueRule, cells: Cells): Impact =>
  impacts.find((each) => each === valueOf(rule, cells)) ?? 'medium';

export const classificationOf = ({ mapping: { request } }: Frame, cells: Cells): Classification => {
  const [impactNow, urgency] = [impact(request.impact, cells), impact(request.urgency, cells)];
  return {
    type: word(request.type, cells) ?? 'request',
    category: word(request.category, cells),
    product: word(request.product, cells),
    impact: impactNow,
    urgency,
    // What the other system took for its priority is not known; this is what a new installation would give.
    priority: seededMatrix[impactNow][urgency],
  };
};

export const teamOf = ({ mapping, ids }: Frame, cells: Cells): string | null => {
  const name = valueOf(mapping.team, cells);
  return name === null ? null : ids.team(name);
};

export const assigneeOf = ({ mapping: { assignee }, ids }: Frame, { by, cells }: Step): string | null => {
  const name = assignee === 'actor' ? by : assignee === null ? undefined : cells.get(assignee);
  return name === undefined ? null : ids.staff(name);
};

const customerOf = ({ mapping, ids, caseId }: Frame, cells: Cells): { id: string; name: string } => {
  const rule = mapping.customer;
  if ('shared' in rule) return { id: ids.customer(rule.shared), name: rule.shared };
  const name = fill(rule.name, cells);
  // Whom a row does not name is somebody of their own, since they may be anybody.
  const key = 'column' in rule ? cells.get(rule.column) : undefined;
  return { id: ids.customer(key === undefined ? `case\0${caseId}` : `customer\0${key}`), name };
};

export const openingOf = (frame: Frame, cells: Cells, incomplete: boolean): Opening => {
  const { mapping } = frame;
  const customer = customerOf(frame, cells);
  return {
    type: 'RequestOpened',
    data: {
      subject: cut(fill(mapping.request.subject, cells), subjectCharactersMax),
      description: fill(mapping.request.description, cells),
      ...classificationOf(frame, cells),
      team: teamOf(frame, cells),
      customer: customer.id,
      contact: { name: customer.name },
      ...(incomplete ? { incomplete } : {}),
    },
  };
};
