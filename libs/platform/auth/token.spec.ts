import { createHmac, generateKeyPairSync, randomUUID } from 'node:crypto';
import { SignJWT, exportJWK, generateKeyPair } from 'jose';
import type { SigningKey } from '../secrets/secrets';
import type { Caller } from './caller';
import { OwnTokens, signToken } from './token';
import { TokenRefused } from './token-verifier';

const installation = '6b1f3a52-0000-4000-8000-000000000001';
const noon = Date.UTC(2026, 0, 5, 12);
const alice: Caller = { id: 'staff-1', role: 'agent', handle: 'alice' };

const newKey = async (): Promise<SigningKey> => {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  return { ...(await exportJWK(privateKey)), kid: randomUUID() };
};

describe('a token of our own', () => {
  let key: SigningKey;
  let now: number;
  let tokens: OwnTokens;

  beforeAll(async () => (key = await newKey()));
  beforeEach(() => {
    now = noon;
    tokens = new OwnTokens({ key, installation, now: () => now });
  });

  const sign = (lifetimeSeconds?: number) => signToken(alice, { key, installation, now: () => now }, lifetimeSeconds);
  const verdict = (token: string): Promise<unknown> =>
    tokens.verify(token).catch((error: unknown) => {
      if (error instanceof TokenRefused) return 'refused';
      throw error;
    });

  interface Parts {
    readonly header?: Record<string, unknown>;
    readonly claims?: Record<string, unknown>;
    readonly by?: SigningKey;
  }
  /** A token with the right signature in which some things differ from ours. */
  const forge = async ({ header = {}, claims = {}, by = key }: Parts): Promise<string> => {
    const seconds = now / 1000;
    const right = {
      iss: `urn:casefold:${installation}`,
      aud: 'casefold',
      sub: 'staff-1',
      role: 'agent',
      jti: 'j',
      iat: seconds,
      exp: seconds + 60,
    };
    return new SignJWT({ ...right, ...claims })
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: key.kid, ...header })
      .sign(by, { crit: { x: true } });
  };

  it('says who calls, again and again until it expires', async () => {
    const token = await sign();
    for (const hours of [0, 6, 11.99]) {
      now = noon + hours * 3_600_000;
      expect(await verdict(token)).toEqual(alice);
    }
    now = noon + 12 * 3_600_000 + 30_000;
    expect(await verdict(token)).toBe('refused');
  });

  it('believes a forged one only while nothing differs', async () => {
    expect(await verdict(await forge({}))).toEqual({ id: 'staff-1', role: 'agent' });
    expect(await verdict(await forge({ claims: { aud: ['other', 'casefold'] } }))).toEqual({
      id: 'staff-1',
      role: 'agent',
    });
  });

  it.each<[string, Parts]>([
    ['another issuer', { claims: { iss: 'urn:casefold:other' } }],
    ['another audience', { claims: { aud: 'other' } }],
    ['another party', { claims: { azp: 'other' } }],
    ['an ID token', { header: { typ: 'JWT' } }],
    ['no type', { header: { typ: undefined } }],
    ['an unknown key', { header: { kid: 'unknown' } }],
    ['a key that is a path', { header: { kid: '../../x' } }],
    ['a key that is SQL', { header: { kid: "' or 1=1 --" } }],
    ['a key of its own', { header: { jwk: { kty: 'EC' } } }],
    ['an unknown critical header', { header: { crit: ['x'], x: 1 } }],
    ['no expiry', { claims: { exp: undefined } }],
    ['no issue instant', { claims: { iat: undefined } }],
    ['no subject', { claims: { sub: undefined } }],
    ['an empty subject', { claims: { sub: '' } }],
    ['a subject with a line break', { claims: { sub: 'a\nb' } }],
    ['no id', { claims: { jti: undefined } }],
    ['no role', { claims: { role: undefined } }],
    ['an unknown role', { claims: { role: 'root' } }],
    ['several roles', { claims: { role: ['agent', 'admin'] } }],
    ['a handle that is no text', { claims: { handle: 1 } }],
    ['an expiry 31 s ago', { claims: { iat: noon / 1000 - 60, exp: noon / 1000 - 31 } }],
    ['an expiry as text', { claims: { exp: String(noon / 1000 + 60) } }],
    ['a beginning in 61 s', { claims: { nbf: noon / 1000 + 61 } }],
    ['an issue instant in 61 s', { claims: { iat: noon / 1000 + 61, exp: noon / 1000 + 120 } }],
    ['a life of more than a day', { claims: { exp: noon / 1000 + 86_401 } }],
    ['an issue instant two days ago', { claims: { iat: noon / 1000 - 2 * 86_400, exp: noon / 1000 + 60 } }],
  ])('is refused with %s', async (_, parts) => {
    expect(await verdict(await forge(parts))).toBe('refused');
  });

  it('allows clocks to differ by 29 seconds', async () => {
    expect(await verdict(await forge({ claims: { iat: noon / 1000 - 60, exp: noon / 1000 - 29 } }))).toMatchObject({
      id: 'staff-1',
    });
    expect(await verdict(await forge({ claims: { nbf: noon / 1000 + 29 } }))).toMatchObject({ id: 'staff-1' });
  });

  it('is refused when another installation, or another key, signed it', async () => {
    expect(await verdict(await forge({ by: await newKey() }))).toBe('refused');
    const elsewhere = { key, installation: randomUUID(), now: () => now };
    expect(await verdict(await signToken(alice, elsewhere))).toBe('refused');
  });

  it('is refused without a signature, with a foreign algorithm, or changed', async () => {
    const [header = '', payload = '', signature = ''] = (await sign()).split('.');
    const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const none = encode({ alg: 'none', typ: 'at+jwt', kid: key.kid });
    const symmetric = encode({ alg: 'HS256', typ: 'at+jwt', kid: key.kid });
    const mac = createHmac('sha256', JSON.stringify({ kty: key.kty, crv: key.crv, x: key.x, y: key.y }))
      .update(`${symmetric}.${payload}`)
      .digest('base64url');
    const zero = Buffer.alloc(64).toString('base64url');
    const changed = encode({ ...JSON.parse(Buffer.from(payload, 'base64url').toString()), role: 'admin' });
    const forgeries = [
      `${none}.${payload}.`,
      `${none}.${payload}.${signature}`,
      `${symmetric}.${payload}.${mac}`,
      `${header}.${payload}.${zero}`,
    ];
    for (const token of [
      ...forgeries,
      `${header}.${changed}.${signature}`,
      `${header}.${payload}`,
      '',
      'x',
      `${header}.${payload}.${signature}.x`,
    ]) {
      expect(await verdict(token)).toBe('refused');
    }
  });

  it('is refused when it is longer than 8 KiB, whatever it says', async () => {
    expect(await verdict(await forge({ claims: { filler: 'x'.repeat(9_000) } }))).toBe('refused');
  });

  it('is refused when an RSA key signed it', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const token = await new SignJWT({ sub: 'x' })
      .setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', kid: key.kid })
      .sign(privateKey);
    expect(await verdict(token)).toBe('refused');
  });
});
