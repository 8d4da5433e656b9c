import { RequestEvent } from '../../events';
import { Request } from '../../request';

/** How a parent was resolved, for one of its children. */
export interface ResolveWith {
  readonly parent: string;
  readonly code: string;
  readonly resolution: string;
  /** It has children itself. */
  readonly isParent: boolean;
}

/** Resolves a child as its parent was. What is not open any more, or stands for itself no more, stays as it is. */
export const resolveWith = (
  { parent, code, resolution, isParent }: ResolveWith,
  state: Request,
): readonly RequestEvent[] => {
  if ((state.status !== 'open' && state.status !== 'held') || state.mergedInto !== null) return [];
  return [
    { type: 'RequestResolved', data: { code, resolution } },
    { type: 'RequestResolvedWith', data: { number: parent } },
    ...(isParent ? [{ type: 'RequestResolutionShared', data: {} } as const] : []),
  ];
};
