/** How long the texts of an exception may be, in code points. */
export const exceptionTexts = {
  text: { charactersMax: 20_000 },
  reason: { charactersMax: 2_000 },
  handle: { charactersMax: 63 },
} as const;
