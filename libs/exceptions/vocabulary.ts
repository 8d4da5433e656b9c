/** The words of an exception. Stored for ever: a word may be added, never given another meaning. */
/** What the number of every exception begins with. */
export const exceptionPrefix = 'CER';

/** How far what happened is from what was to happen. */
export const severities = ['low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof severities)[number];

/** How much of the customer's business it touches. */
export const exceptionImpacts = ['low', 'medium', 'high'] as const;
export type ExceptionImpact = (typeof exceptionImpacts)[number];

export const exceptionClasses = ['E1', 'E2', 'E3', 'E4'] as const;
export type ExceptionClass = (typeof exceptionClasses)[number];

const classes: Readonly<Record<Severity, Readonly<Record<ExceptionImpact, ExceptionClass>>>> = {
  critical: { high: 'E1', medium: 'E1', low: 'E2' },
  high: { high: 'E1', medium: 'E2', low: 'E3' },
  medium: { high: 'E2', medium: 'E3', low: 'E4' },
  low: { high: 'E3', medium: 'E4', low: 'E4' },
};

/** E1 is the gravest. It never falls when severity or impact rises. */
export const classOf = (severity: Severity, impact: ExceptionImpact): ExceptionClass => classes[severity][impact];

export const exceptionStatuses = [
  ...(['opened', 'assessed', 'approved', 'expired'] as const),
  ...(['rejected', 'unneeded', 'withdrawn', 'closed'] as const),
] as const;
export type ExceptionStatus = (typeof exceptionStatuses)[number];

export const ratingMax = 5;
export const requestsMax = 50;
export const actionsMax = 50;
/** How many different people an approval takes. */
export const approvalsNeeded = 2;
