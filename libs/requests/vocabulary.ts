/** The words of a case. Stored for ever: a word may be added, never given another meaning. */
/** What the number of every case begins with. */
export const requestPrefix = 'CSR';

export const impacts = ['low', 'medium', 'high'] as const;
export type Impact = (typeof impacts)[number];
export type Urgency = Impact;

export const priorities = ['P1', 'P2', 'P3', 'P4', 'P5'] as const;
export type Priority = (typeof priorities)[number];

// Compared as text; L1…L9 sort correctly, L10 would not.
export const levels = ['L1', 'L2', 'L3', 'L4', 'L5', 'L6', 'L7', 'L8', 'L9'] as const;
export type Level = (typeof levels)[number];

export const awaited = ['customer', 'supplier', 'internal'] as const;
export type Awaited = (typeof awaited)[number];

/** What another request is to this one. */
export const relations = [
  ...(['parent', 'child', 'depends-on', 'needed-by', 'relates-to', 'duplicate-of', 'duplicated-by'] as const),
] as const;
export type Relation = (typeof relations)[number];

export const statuses = ['open', 'held', 'resolved', 'closed', 'cancelled'] as const;
export type Status = (typeof statuses)[number];

/** Seen from the desk. */
export const directions = ['in', 'out'] as const;
export type Direction = (typeof directions)[number];
