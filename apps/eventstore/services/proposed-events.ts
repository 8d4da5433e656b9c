import type { NewEvent } from '../log/record';
import { accepted, type ProposedEvent } from '../protocol/append-request';
import { nilId } from '../protocol/uuid';

export type Proposal = { event: NewEvent } | { missingProperty: true } | { invalid: string };

/** Checks one proposed event; what is wrong with it is worded by the call it came by. */
export const checkProposed = (proposed: ProposedEvent): Proposal => {
  const { id, type, contentType } = proposed;
  if (type === undefined || contentType === undefined) return { missingProperty: true };
  if (id === undefined) return { invalid: 'the event id is missing or is no UUID' };
  if (id === nilId) return { invalid: 'the event id must not be empty' };
  if (type.length === 0) return { invalid: 'the event type must not be empty' };
  return { event: accepted(id, type, proposed) };
};
