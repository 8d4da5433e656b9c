import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeSecret } from './secret-file';
import { loadSecrets } from './secrets';

describe('secrets of an installation', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'casefold-secrets-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('are drawn once and read the same for ever after', async () => {
    const first = await loadSecrets(folder, { create: true });
    expect(await loadSecrets(folder, { create: true })).toEqual(first);
    expect(await loadSecrets(folder, { create: false })).toEqual(first);
    expect(first.numberKey).toHaveLength(32);
    expect(first.keyEncryptionKeys.keys[first.keyEncryptionKeys.current]).toHaveLength(32);
  });

  it('are the same for all who start at once', async () => {
    const all = await Promise.all([1, 2, 3].map(() => loadSecrets(folder, { create: true })));
    expect(new Set(all.map((each) => JSON.stringify(each))).size).toBe(1);
  });

  it('are for their owner alone, whatever the umask, and leave no drafts', async () => {
    const before = process.umask(0);
    await loadSecrets(folder, { create: true }).finally(() => process.umask(before));
    expect(readdirSync(folder).sort()).toEqual([
      'installation',
      'key-encryption-keys',
      'number-key',
      'token-signing-key',
    ]);
    for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
  });

  it('are not made up where they are only to be read', async () => {
    await expect(loadSecrets(folder, { create: false })).rejects.toThrow(/installation cannot be read/);
    expect(readdirSync(folder)).toEqual([]);
  });

  it.each(['installation', 'number-key', 'key-encryption-keys', 'token-signing-key'])(
    'are refused, and not drawn anew, when %s is cut short or empty',
    async (name) => {
      await loadSecrets(folder, { create: true });
      const file = join(folder, name);
      const whole = readFileSync(file);
      for (const length of [Math.floor(whole.length / 2), 0]) {
        truncateSync(file, length);
        await expect(loadSecrets(folder, { create: true })).rejects.toThrow(`${name} is damaged`);
        expect(statSync(file).size).toBe(length);
      }
    },
  );

  it.each(['number-key', 'key-encryption-keys', 'token-signing-key'])('are refused when %s was lost', async (name) => {
    await loadSecrets(folder, { create: true });
    rmSync(join(folder, name));
    await expect(loadSecrets(folder, { create: true })).rejects.toThrow(`${name} cannot be read`);
  });

  it('are completed when the first start was cut off between two of them', async () => {
    const { numberKey } = await loadSecrets(folder, { create: true });
    for (const name of ['installation', 'token-signing-key']) rmSync(join(folder, name));
    expect((await loadSecrets(folder, { create: true })).numberKey).toEqual(numberKey);
  });

  it('never show their content when they are refused', async () => {
    await loadSecrets(folder, { create: true });
    writeFileSync(join(folder, 'number-key'), 'hunter2');
    const error = await loadSecrets(folder, { create: true }).catch((thrown: unknown) => thrown);
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('hunter2');
  });

  it('are never written over', () => {
    const file = join(folder, 'one');
    writeSecret(file, 'first');
    expect(() => writeSecret(file, 'second')).toThrow(/EEXIST/);
    expect(readFileSync(file, 'utf8')).toBe('first');
    expect(readdirSync(folder)).toEqual(['one']);
  });
});
