/** What the refusals of a bulk job become at the edge; stable for ever. */
export const bulkProblems = {
  SELECTION_EMPTY: { status: 422, title: 'Nothing is chosen' },
  SELECTION_TOO_LARGE: { status: 422, title: 'Too much is chosen' },
  SELECTION_AMBIGUOUS: { status: 422, title: 'The choice is given twice, or not at all' },
  BULK_OVER: { status: 409, title: 'The job is over' },
} as const;
