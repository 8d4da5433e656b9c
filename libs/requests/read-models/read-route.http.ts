import { applyDecorators, Injectable } from '@nestjs/common';
import { ApiParam } from '@nestjs/swagger';
import { Role, scopeOf } from '../../platform/auth/caller';
import { PositionInterceptor, ReadRequest, readRoute } from '../../platform/http/read-route.http';
import { incompleteness, notShownYet } from './incomplete.http';

export { CallerScope, QueryOf, ReadPosition, type ValuesOf } from '../../platform/http/read-route.http';

/** Of one case it says in which read models that case stands still. */
@Injectable()
class CasePositionInterceptor extends PositionInterceptor {
  protected override lacking(standing: number, { params }: ReadRequest): Promise<string | undefined> {
    return incompleteness(this.engine, standing, params.number);
  }

  protected override refusal(error: unknown, { params, caller }: ReadRequest): unknown {
    // A customer who asks for another's case must not learn from this that there is one.
    const isStaff = scopeOf(caller).customer === undefined;
    return isStaff && params.number ? notShownYet(error) : error;
  }
}

/** A route that reads cases, and who may use it. */
export const ReadRoute = (path: string, roles: readonly Role[]): MethodDecorator =>
  applyDecorators(
    readRoute(path, {
      roles,
      tag: 'read models',
      missing: 'there is no such case, or none that the caller may see',
      interceptor: CasePositionInterceptor,
    }),
    ...(path.startsWith(':number') ? [ApiParam({ name: 'number', type: String, example: 'CSR-7K3-M9Q-XA4' })] : []),
  );
