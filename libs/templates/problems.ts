/** What the refusals of templates become at the edge; stable for ever. */
export const templateProblems = {
  TEMPLATE_INVALID: { status: 422, title: 'The template has faults' },
  TEMPLATE_VALUES: { status: 422, title: 'The values do not fit the template' },
  UNKNOWN_TEMPLATE: { status: 422, title: 'The template is not known' },
} as const;
