import { readRoute } from '../../platform/http/read-route.http';
import { mayReadCustomer } from '../permissions';

/** A route that reads customers: who may use it stands in the table of permissions. */
export const CustomerReadRoute = (path: string, what: keyof typeof mayReadCustomer): MethodDecorator =>
  readRoute(path, {
    roles: mayReadCustomer[what],
    tag: 'customers',
    missing: 'there is no such customer, or none that the caller may see',
  });
