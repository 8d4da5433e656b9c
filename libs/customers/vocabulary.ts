/** The words of a customer. Stored for ever: a word may be added, never given another meaning. */
export const customerKinds = ['person', 'organisation'] as const;
export type CustomerKind = (typeof customerKinds)[number];

/** What processing for a purpose rests on, as Article 6 (1) of the GDPR lists it. */
export const lawfulBases = [
  'consent',
  'contract',
  'legal-obligation',
  'vital-interests',
  'public-task',
  'legitimate-interests',
] as const;
export type LawfulBasis = (typeof lawfulBases)[number];

export const consentStatuses = ['given', 'withdrawn'] as const;
export type ConsentStatus = (typeof consentStatuses)[number];

export const exportFormats = ['json', 'html'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** Length of texts, in code points. */
export const customerTextLimits = {
  name: { charactersMax: 200 },
  address: { charactersMax: 500 },
  reason: { charactersMax: 2_000 },
} as const;

/** How many of a kind one record may have. */
export const contactPointsMax = 30;
export const purposesMax = 50;
export const holdsMax = 20;
