/** What live readers may cost; each reader holds a connection, and all of them share one tail of the log. */
export class StreamLimits {
  readersMax = 1_000;
  readersOfOneCallerMax = 20;
  /** Newest changes, kept for all readers together. Who falls behind them is told to come back. */
  changesKept = 5_000;
  changesPerPage = 200;
  lookEveryMilliseconds = 50;
  retryAfterFailureMilliseconds = 500;
  heartbeatMilliseconds = 15_000;
  /** How long a reader may leave a piece untaken. */
  stalledMillisecondsMax = 10_000;
}
