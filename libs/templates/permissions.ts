import { Role } from '../platform/auth/caller';

/** Who may say what templates there are, and who may see them. */
export const maySaveTemplates: readonly Role[] = ['lead', 'admin'];
export const mayReadTemplates: readonly Role[] = ['agent', 'lead', 'auditor', 'reporter', 'admin'];
