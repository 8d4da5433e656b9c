/** Who is calling, as the token says. */
export const roles = ['agent', 'lead', 'auditor', 'reporter', 'admin', 'customer'] as const;
export type Role = (typeof roles)[number];

export interface Caller {
  /** Id of a member of staff or of a customer. */
  readonly id: string;
  readonly role: Role;
  readonly handle?: string | undefined;
}
