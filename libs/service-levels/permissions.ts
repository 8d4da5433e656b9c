import { Role } from '../platform/auth/caller';

/** Who may change what is promised, and who may read it. */
export const mayPromise: readonly Role[] = ['lead', 'admin'];
export const mayReadPromises: readonly Role[] = ['agent', 'lead', 'auditor', 'reporter', 'admin'];
