import { createHash, randomUUID } from 'node:crypto';
import { type JWTPayload, type JWTVerifyOptions, SignJWT, decodeProtectedHeader, importJWK, jwtVerify } from 'jose';
import type { SigningKey } from '../secrets/secrets';
import { type Caller, type Role, roles } from './caller';
import { TokenRefused, type TokenVerifier } from './token-verifier';

const audience = 'casefold';
const tokenType = 'at+jwt';
const algorithm = 'ES256';
const lifetimeSecondsDefault = 12 * 3600;
const lifetimeSecondsMax = 24 * 3600;
const clockToleranceSeconds = 30;
const tokenCharactersMax = 8192;
const cacheEntriesMax = 10_000;
const idPattern = /^[\x21-\x7e]{1,255}$/;
const requiredClaims = ['exp', 'iat', 'sub', 'jti'];

interface Authority {
  readonly key: SigningKey;
  /** Of the installation whose tokens these are; a token of another one is worth nothing here. */
  readonly installation: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const issuerOf = (installation: string): string => `urn:casefold:${installation}`;

/** A token of our own for one caller (RFC 9068). @param lifetimeSeconds at most a day */
export const signToken = async (
  caller: Caller,
  authority: Authority,
  lifetimeSeconds = lifetimeSecondsDefault,
): Promise<string> => {
  const issuedAt = Math.floor(authority.now() / 1000);
  return new SignJWT({ role: caller.role, ...(caller.handle === undefined ? {} : { handle: caller.handle }) })
    .setProtectedHeader({ alg: algorithm, typ: tokenType, kid: authority.key.kid })
    .setIssuer(issuerOf(authority.installation))
    .setAudience(audience)
    .setSubject(caller.id)
    .setJti(randomUUID())
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + lifetimeSeconds)
    .sign(await importJWK(authority.key, algorithm));
};

interface Verified {
  readonly caller: Caller;
  readonly expiresAtSeconds: number;
}

/** Believes the tokens of one installation. A signature costs more than a command, so that it is checked once a token. */
export class OwnTokens implements TokenVerifier {
  private readonly seen = new Map<string, Verified>();
  private readonly key: ReturnType<typeof importJWK>;

  constructor(private readonly authority: Authority) {
    const { kty, crv, x, y, kid } = authority.key;
    this.key = importJWK({ kty, crv, x, y, kid }, algorithm);
  }

  async verify(token: string): Promise<Caller> {
    if (token.length > tokenCharactersMax) throw new TokenRefused('the token is too long');
    const digest = createHash('sha256').update(token).digest('base64');
    const verified = this.seen.get(digest) ?? (await this.check(token));
    if (this.authority.now() / 1000 >= verified.expiresAtSeconds + clockToleranceSeconds) {
      this.seen.delete(digest);
      throw new TokenRefused('the token has expired');
    }
    this.remember(digest, verified);
    return verified.caller;
  }

  private async check(token: string): Promise<Verified> {
    try {
      const { kid, jwk } = decodeProtectedHeader(token);
      if (kid !== this.authority.key.kid || jwk !== undefined) throw new TokenRefused('the token names another key');
      const { payload } = await jwtVerify(token, await this.key, this.demands());
      return { caller: callerOf(payload), expiresAtSeconds: expiryOf(payload) };
    } catch (error) {
      throw error instanceof TokenRefused ? error : new TokenRefused('the token is not valid', { cause: error });
    }
  }

  private demands(): JWTVerifyOptions {
    return {
      issuer: issuerOf(this.authority.installation),
      audience,
      typ: tokenType,
      algorithms: [algorithm],
      requiredClaims,
      clockTolerance: clockToleranceSeconds,
      maxTokenAge: lifetimeSecondsMax,
      currentDate: new Date(this.authority.now()),
    };
  }

  private remember(digest: string, verified: Verified): void {
    if (this.seen.has(digest)) return;
    if (this.seen.size >= cacheEntriesMax) this.seen.delete(this.seen.keys().next().value ?? '');
    this.seen.set(digest, verified);
  }
}

const callerOf = ({ sub, role, handle, azp }: JWTPayload): Caller => {
  if (typeof sub !== 'string' || !idPattern.test(sub)) throw new TokenRefused('the subject is not an id');
  if (!isRole(role)) throw new TokenRefused('the role is not known');
  if (handle !== undefined && typeof handle !== 'string') throw new TokenRefused('the handle is not a text');
  if (azp !== undefined && azp !== audience) throw new TokenRefused('the token is meant for another party');
  return { id: sub, role, ...(handle === undefined ? {} : { handle }) };
};

const expiryOf = ({ exp = 0, iat = 0 }: JWTPayload): number => {
  if (exp - iat > lifetimeSecondsMax) throw new TokenRefused('the token lives too long');
  return exp;
};

const isRole = (value: unknown): value is Role => roles.some((role) => role === value);
