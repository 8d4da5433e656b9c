import { refuseFaulty, Rejection } from '../../../eventing/rejection';
import { Book, calendarsAt, policyEntry, standardRank } from '../../book';
import { BookEvent } from '../../events';
import { fault } from '../../fault';
import { PolicyBody } from '../../policy';
import { policyFaults } from '../../policy-faults';
import { standardPolicy } from '../../seeds';
import { sameJson } from '../../../eventing/same-json';

export interface DraftPolicy {
  readonly id: string;
  /** 1 to 999 999; the standard policy stands behind all of them. */
  readonly rank: number;
  readonly body: PolicyBody;
  /** Epoch milliseconds: the calendars that hold then are those that it may name. */
  readonly at: number;
}

const isStandard = (id: string): boolean => id === standardPolicy.id;

/** Saves what a policy is to become. @throws Rejection POLICY_INVALID with a pointer to each fault */
export const draftPolicy = ({ id, rank, body, at }: DraftPolicy, book: Book): BookEvent[] => {
  assertValid(id, body, book, at);
  const draft = { rank: isStandard(id) ? standardRank : rank, body };
  return sameJson(policyEntry(book, id).draft, draft) ? [] : [{ type: 'PolicyDrafted', data: { id, ...draft } }];
};

const assertValid = (id: string, body: PolicyBody, book: Book, at: number): void => {
  const restricted = isStandard(id) && Object.keys(body.match).length > 0;
  const faults = [
    ...policyFaults(body, calendarsAt(book, at)),
    ...(restricted ? [fault('/match', 'STANDARD_RESTRICTED', 'the standard policy is for every case')] : []),
  ];
  refuseFaulty('POLICY_INVALID', `policy ${id}`, faults);
};

export interface ActivatePolicy {
  readonly id: string;
  /** RFC 3339, UTC, milliseconds. */
  readonly from: string;
  readonly corrects: number | null;
  readonly reason: string | null;
}

/** Makes the draft the next revision, for the cases that are decided on from an instant on. */
export const activatePolicy = ({ id, from, corrects, reason }: ActivatePolicy, book: Book): BookEvent[] => {
  const { draft, revisions } = policyEntry(book, id);
  if (!draft) throw new Rejection('NOTHING_DRAFTED', `policy ${id} has no draft`);
  if (corrects !== null && !revisions.some(({ value }) => value.revision === corrects))
    throw new Rejection('NOTHING_ACTIVE', `policy ${id} has no revision ${corrects}`);
  assertValid(id, draft.body, book, Date.parse(from));
  const revision = (revisions.at(-1)?.value.revision ?? 0) + 1;
  return [{ type: 'PolicyActivated', data: { id, revision, from, corrects, reason, ...draft } }];
};

/** Puts no further case under it. */
export const retirePolicy = ({ id, from }: { readonly id: string; readonly from: string }, book: Book): BookEvent[] => {
  const { revisions, retiredFrom } = policyEntry(book, id);
  if (isStandard(id)) throw new Rejection('POLICY_NEEDED', 'the standard policy cannot be retired');
  if (!revisions.length) throw new Rejection('NOTHING_ACTIVE', `policy ${id} was never active`);
  return retiredFrom === null ? [{ type: 'PolicyRetired', data: { id, from } }] : [];
};
