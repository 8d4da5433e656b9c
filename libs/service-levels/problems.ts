/** What the refusals of policies and calendars become at the edge; stable for ever. */
export const serviceLevelProblems = {
  POLICY_INVALID: { status: 422, title: 'The policy cannot be saved' },
  CALENDAR_INVALID: { status: 422, title: 'The calendar cannot be saved' },
  NOTHING_DRAFTED: { status: 409, title: 'There is no draft' },
  NOTHING_ACTIVE: { status: 409, title: 'There is no such active revision' },
  POLICY_NEEDED: { status: 409, title: 'The standard policy is for every case and always there' },
} as const;
