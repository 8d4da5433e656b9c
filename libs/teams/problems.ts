/** What the refusals of teams and staff become at the edge; stable for ever. */
export const teamProblems = {
  UNKNOWN_CALENDAR: { status: 422, title: 'The calendar is not known' },
} as const;
