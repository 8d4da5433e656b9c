/** What one request may cost before anybody has looked at who sends it. */
export const httpLimits = {
  bodyBytesMax: 256 * 1024,
  headersBytesMax: 16 * 1024,
  headersMax: 100,
  headersMillisecondsMax: 10_000,
  requestMillisecondsMax: 30_000,
  keepAliveMilliseconds: 65_000,
  // How often the two above are looked after.
  timeoutCheckMilliseconds: 1_000,
  pathParameterCharactersMax: 200,
} as const;
