import { Role } from '../platform/auth/caller';

/** Who may order for many at once; each order also takes what the same order takes by itself. */
export const mayBulk: readonly Role[] = ['agent', 'lead'];
export const mayReadBulk: readonly Role[] = ['agent', 'lead', 'auditor', 'reporter', 'admin'];
