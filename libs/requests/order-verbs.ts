/** Verbs that can be ordered by name, for many cases or by a rule. Those that rewrite the record are for people, one at a time. */
export const orderVerbs = [
  ...(['assign', 'cancel', 'classify', 'close', 'escalate', 'hold'] as const),
  ...(['note', 'reopen', 'resolve', 'respond', 'resume'] as const),
] as const;
export type OrderVerb = (typeof orderVerbs)[number];
