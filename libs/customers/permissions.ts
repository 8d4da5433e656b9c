import { Role } from '../platform/auth/caller';

/** Who may have a person erased. */
export const mayErase: readonly Role[] = ['lead', 'admin'];
