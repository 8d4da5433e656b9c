/** What the refusals of views become at the edge; stable for ever. */
export const viewProblems = {
  VIEW_NOT_YOURS: { status: 403, title: 'The view is another’s' },
  VIEW_RETIRED: { status: 409, title: 'The view is retired' },
  NOT_IN_TEAM: { status: 422, title: 'The team is not one’s own' },
} as const;
