import type { Caller } from './caller';

/** A token that shall not be believed. Why is for the log: every refused token is answered alike. */
export class TokenRefused extends Error {
  override readonly name = 'TokenRefused';
}

/** Turns a bearer token into the one who calls. Our own tokens today; an OpenID provider's keys are the second kind. */
export abstract class TokenVerifier {
  /** @throws TokenRefused */
  abstract verify(token: string): Promise<Caller>;
}
