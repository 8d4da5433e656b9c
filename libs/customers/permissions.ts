import { Role } from '../platform/auth/caller';

/** All that is held about a person, in clear. */
export const mayExport: readonly Role[] = ['lead', 'customer'];

/** Who may know how long customers are kept, and who may say it. */
export const mayReadRetention: readonly Role[] = ['lead', 'auditor', 'admin'];
export const maySetRetention: readonly Role[] = ['admin'];
