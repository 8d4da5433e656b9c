import { Role } from '../platform/auth/caller';

/** Those without authority may stand in for somebody who has it; the rule asks for that. */
export const deciders: readonly Role[] = ['agent', 'lead', 'admin'];

/** Who may decide by office. */
export const hasAuthority = (role: Role): boolean => role === 'lead' || role === 'admin';
