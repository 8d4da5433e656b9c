/** The system's name for what went wrong. Errors of Node's core may come from another realm, so that `instanceof` misses them. */
export const codeOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
