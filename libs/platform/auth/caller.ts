/** Who is calling, as the token says. */
export const roles = ['agent', 'lead', 'auditor', 'reporter', 'admin', 'customer'] as const;
export type Role = (typeof roles)[number];

/**
 * Roles by what people do with cases; each route says whose it is. All routes with those who may use them are on one page, which is
 * made of the routes: `test/golden/permissions.json`.
 */
export const staff: readonly Role[] = ['agent', 'lead'];
/** Customers about what is theirs alone. */
export const staffAndCustomer: readonly Role[] = [...staff, 'customer'];
/** Who answers for others' work, and for the installation. */
export const leads: readonly Role[] = ['lead', 'admin'];
/** Who sees every case, with or without what is personal. */
export const readers: readonly Role[] = ['agent', 'lead', 'auditor', 'reporter', 'admin'];
export const readersAndCustomer: readonly Role[] = [...readers, 'customer'];

export interface Caller {
  /** Id of a member of staff or of a customer. */
  readonly id: string;
  readonly role: Role;
  readonly handle?: string | undefined;
}

/** Names, contact details and free text in clear: those who do the work, and customers about themselves. */
const readsPersonal: ReadonlySet<Role> = new Set(['agent', 'lead', 'customer']);

/** What a caller may see; a required argument of every query, so that it cannot be forgotten. */
export interface Scope {
  /** Only what is about this customer; `undefined` for staff, who see all of it. */
  readonly customer: string | undefined;
  /** Personal data in clear; otherwise withheld. */
  readonly personal: boolean;
  /** Notes and other matters among the staff. */
  readonly internal: boolean;
}

export const scopeOf = ({ id, role }: Caller): Scope => ({
  customer: role === 'customer' ? id : undefined,
  personal: readsPersonal.has(role),
  internal: role !== 'customer',
});
