/** Whom a new installation knows from its first start, so that it can be used at once. */
export const seededTeams = [
  { handle: 'support', name: 'Support' },
  { handle: 'specialists', name: 'Specialists' },
  { handle: 'billing', name: 'Billing' },
] as const;

export const seededStaff = [
  { handle: 'alice', name: 'Alice (example agent)', team: 'support' },
  { handle: 'bob', name: 'Bob (example agent)', team: 'support' },
  { handle: 'carol', name: 'Carol (example specialist)', team: 'specialists' },
] as const;
