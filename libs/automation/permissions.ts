import { Role } from '../platform/auth/caller';

/** Who may let rules act, and who may see what they are and did. */
export const mayRule: readonly Role[] = ['lead', 'admin'];
export const mayReadRules: readonly Role[] = ['agent', 'lead', 'auditor', 'reporter', 'admin'];
