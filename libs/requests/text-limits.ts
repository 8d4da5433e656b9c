/** How long the texts of a case may be, in code points. */
export const textLimits = {
  subject: { charactersMax: 300 },
  text: { charactersMax: 20_000 },
  reason: { charactersMax: 2_000 },
  name: { charactersMax: 200 },
  /** Of e-mail, a telephone number, a profile. */
  address: { charactersMax: 320 },
  handle: { charactersMax: 63 },
  /** As people type it, with spaces and dashes. */
  number: { charactersMax: 40 },
} as const;
