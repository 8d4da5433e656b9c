import { resolve } from 'node:path';
import { ConfigError, readConfig } from './config';

const refusal = (environment: Record<string, string>): string => {
  try {
    readConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.variable;
    throw error;
  }
  return 'accepted';
};

describe('configuration', () => {
  it('needs nothing: the defaults are an embedded server on the loopback address', () => {
    expect(readConfig({})).toEqual({
      host: '127.0.0.1',
      port: 3000,
      dataDirectory: resolve('data'),
      ownAddresses: new Set(),
      replyToClosed: 'follow-up',
      reopenSeconds: 1_209_600,
      roles: new Set(['api', 'worker']),
    });
  });

  it.each([
    ['PORT', 'abc'],
    ['PORT', '-1'],
    ['PORT', '65536'],
    ['PORT', '80.5'],
    ['HOST', 'a b'],
    ['HOST', 'http://x'],
    ['EVENTSTORE_URL', 'http://localhost:2113'],
    ['EVENTSTORE_URL', 'esdb://'],
    ['DATABASE_URL', 'mysql://localhost/casefold'],
    ['DATABASE_URL', 'postgres://localhost'],
    ['DATABASE_URL', 'localhost'],
    ['KEYSTORE_URL', 'postgres://localhost/keys'],
    ['CASEFOLD_ROLES', 'api,wroker'],
    ['CASEFOLD_ROLES', ','],
    ['CASEFOLD_REOPEN_DAYS', '1.5'],
    ['CASEFOLD_REOPEN_DAYS', '-1'],
  ])('names %s when it is %j', (variable, text) => {
    expect(refusal({ [variable]: text })).toBe(variable);
  });

  it('keeps keys in a second database beside the first', () => {
    const config = readConfig({ DATABASE_URL: 'postgres://me:p%40ss@db:5432/casefold?sslmode=require' });
    expect(config.keystoreUrl).toBe('postgres://me:p%40ss@db:5432/casefold_keystore?sslmode=require');
  });

  it('refuses to keep keys in the database of the read models', () => {
    const url = 'postgres://me@db:5432/casefold';
    expect(refusal({ DATABASE_URL: url, KEYSTORE_URL: url })).toBe('KEYSTORE_URL');
  });

  it('never repeats a value, which may hold a password', () => {
    expect(() => readConfig({ DATABASE_URL: 'mysql://root:hunter2@db/x' })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('hunter2') }),
    );
  });

  it('takes an empty variable as unset and one role alone', () => {
    expect(readConfig({ PORT: '', CASEFOLD_ROLES: 'worker' })).toMatchObject({
      port: 3000,
      roles: new Set(['worker']),
    });
  });
});
