import { Role } from '../platform/auth/caller';

/** Who has views: everybody who may read the lists that they are views of. Which of them a reader sees says `view.ts`. */
export const mayView: readonly Role[] = ['agent', 'lead', 'auditor', 'reporter', 'admin'];
