import { Role } from '../platform/auth/caller';

/** Who may say how teams work, and who works in them. */
export const mayStaff: readonly Role[] = ['lead', 'admin'];

/** Who may say that somebody is there, or not: agents of themselves, the others of everybody. */
export const maySignIn: readonly Role[] = ['agent', 'lead', 'admin'];
