import { Role } from '../platform/auth/caller';

/** Who may change what requests may name and how they are routed. */
export const mayConfigure: readonly Role[] = ['lead', 'admin'];
