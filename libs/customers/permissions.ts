import { Role } from '../platform/auth/caller';

/** Who may have a person erased. */
export const mayErase: readonly Role[] = ['lead', 'admin'];

/** Who may say which kind of customer somebody is. */
export const maySegment: readonly Role[] = ['lead', 'admin'];
