/** The answer is at least as new as the older of what it was made from. */
export const olderOf = (left: string, right: string | undefined): string =>
  right !== undefined && BigInt(right) < BigInt(left) ? right : left;
