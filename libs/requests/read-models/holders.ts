/** Whom a case is held by, as columns of read models call them. */
export const holders = ['team', 'assignee'] as const;
export const withoutMeans = 'what it does not have: team, assignee or both, separated by a comma';
export type Holder = (typeof holders)[number];
