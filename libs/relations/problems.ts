/** What the refusals of relations become at the edge; stable for ever. */
export const relationProblems = {
  REQUEST_MERGED: { status: 409, title: 'The request was merged into another one' },
  RELATION_TO_ITSELF: { status: 422, title: 'A request has no relation to itself' },
  RELATION_CIRCLE: { status: 409, title: 'The relation would close a circle' },
  RELATION_TAKEN: { status: 409, title: 'The request has such a relation to another one' },
  TOO_MANY_RELATIONS: { status: 409, title: 'Too many requests hang together' },
  UNKNOWN_REQUEST: { status: 422, title: 'The request is not known' },
} as const;
