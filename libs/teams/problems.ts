/** What the refusals of teams and staff become at the edge; stable for ever. */
export const teamProblems = {
  STAFF_RETIRED: { status: 409, title: 'They work here no more' },
  TEAM_RETIRED: { status: 409, title: 'The team takes no more work' },
  TEAM_IN_RULES: { status: 409, title: 'Routing rules name the team' },
  UNKNOWN_CALENDAR: { status: 422, title: 'The calendar is not known' },
} as const;
