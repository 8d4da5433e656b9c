/** What the refusals of automation rules become at the edge; stable for ever. */
export const automationProblems = {
  UNKNOWN_RULE: { status: 404, title: 'The rule is not known' },
  RULE_INVALID: { status: 422, title: 'The rule cannot be saved' },
  TOO_MANY_RULES: { status: 409, title: 'There are too many rules' },
} as const;
