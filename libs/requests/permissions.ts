import { Role } from '../platform/auth/caller';

/** What fetches messages from their channels calls as one of these. */
export const mayReceive: readonly Role[] = ['agent', 'lead', 'admin'];

/** Trying policies and rules on the past. */
export const mayBacktest: readonly Role[] = ['lead', 'auditor', 'reporter', 'admin'];
