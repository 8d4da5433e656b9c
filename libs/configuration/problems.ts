/** What the refusals of a configuration become at the edge; stable for ever. */
export const configurationProblems = {
  CONFIGURATION_INVALID: { status: 422, title: 'The configuration cannot be applied' },
} as const;
