import {
  type CanActivate,
  type ExecutionContext,
  Injectable,
  SetMetadata,
  applyDecorators,
  createParamDecorator,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ApiSecurity } from '@nestjs/swagger';
import { forbidden, unauthenticated } from '../http/problem';
import { RateLimit } from '../http/rate-limit';
import type { Caller, Role } from './caller';
import { TokenRefused, TokenVerifier } from './token-verifier';

export const accessKey = 'casefold:access';
export type Access = 'public' | readonly Role[];

/** Who may use a route. Every route says it, and the contract with it; one that does not keeps the server from starting. */
export const Allow = (...roles: readonly Role[]) =>
  applyDecorators(SetMetadata<string, Access>(accessKey, roles), ...roles.map((role) => ApiSecurity('bearer', [role])));

/** A route for everybody, without a token. */
export const Public = () => SetMetadata<string, Access>(accessKey, 'public');

interface AuthenticatedRequest {
  readonly headers: { readonly authorization?: string };
  caller?: Caller;
}

/** The caller of a route that is not public. */
export const CurrentCaller = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  const { caller } = context.switchToHttp().getRequest<AuthenticatedRequest>();
  if (!caller) throw new Error('this route is public, so that nobody is known to call it');
  return caller;
});

/** The token of a request; empty when there is none. */
export const bearerToken = (authorization: string | undefined): string =>
  /^Bearer +([A-Za-z0-9._~+/=-]+)$/i.exec(authorization ?? '')?.[1] ?? '';

/** Believes nobody without a valid token, and lets a route be used by the roles it names alone. */
@Injectable()
export class AuthGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly verifier: TokenVerifier,
    private readonly rateLimit: RateLimit,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const access = this.reflector.getAllAndOverride<Access | undefined>(accessKey, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (access === 'public') return true;
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    const caller = await this.callerOf(request.headers.authorization);
    this.rateLimit.take(caller.id);
    if (!access?.includes(caller.role)) throw forbidden();
    request.caller = caller;
    return true;
  }

  private async callerOf(authorization: string | undefined): Promise<Caller> {
    const token = bearerToken(authorization);
    if (!token) throw unauthenticated();
    try {
      return await this.verifier.verify(token);
    } catch (error) {
      throw error instanceof TokenRefused ? unauthenticated(error) : error;
    }
  }
}
