import { Role } from '../../platform/auth/caller';
import { readRoute } from '../../platform/http/read-route.http';

/** A route that reads customers, and who may use it. */
export const CustomerReadRoute = (path: string, roles: readonly Role[]): MethodDecorator =>
  readRoute(path, {
    roles,
    tag: 'customers',
    missing: 'there is no such customer, or none that the caller may see',
  });
