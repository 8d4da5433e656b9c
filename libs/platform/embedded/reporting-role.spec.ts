import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { freshDataDirectory } from '../../../test/support/fresh-data';
import { readConfig } from '../config/config';
import { layoutOf } from './data-directory';
import { postgresPasswords, reportingRole } from './postgres-passwords';
import { openStores, Stores } from './stores';

jest.setTimeout(60_000);

const home = freshDataDirectory();
const config = readConfig({ CASEFOLD_DATA: home });
const passwordFile = join(home, 'secrets', 'database-passwords');
afterAll(() => rmSync(home, { recursive: true, force: true }));

const asReporter = async (stores: Stores): Promise<unknown> => {
  const { host, port } = stores.database;
  const { reporting: password } = postgresPasswords(layoutOf(config.dataDirectory));
  const client = new Client({ ...(host && { host }), port, user: reportingRole, password, database: 'casefold' });
  await client.connect();
  try {
    return (await client.query('select current_user as name, current_setting($1) as timeout', ['statement_timeout']))
      .rows[0];
  } finally {
    await client.end();
  }
};

const opened = async <T>(work: (stores: Stores) => Promise<T>): Promise<T> => {
  const stores = await openStores(config);
  try {
    return await work(stores);
  } finally {
    await stores.stop();
  }
};

it('is there for an installation that is older than the role, and keeps its password from then on', async () => {
  expect(await opened(asReporter)).toEqual({ name: reportingRole, timeout: '1min' });
  const { reporting, ...before } = JSON.parse(readFileSync(passwordFile, 'utf8'));
  writeFileSync(passwordFile, JSON.stringify(before));
  await opened(async (stores) => {
    const owner = new Client({ ...stores.database, user: 'owner', password: before.owner });
    await owner.connect();
    await owner.query(`drop owned by ${reportingRole}; drop role ${reportingRole}`);
    await owner.end();
  });
  writeFileSync(passwordFile, JSON.stringify(before));
  expect(await opened(asReporter)).toEqual({ name: reportingRole, timeout: '1min' });
  const after = JSON.parse(readFileSync(passwordFile, 'utf8'));
  expect(after).toMatchObject(before);
  expect(after.reporting).not.toBe(reporting);
  expect(await opened(asReporter)).toBeDefined();
  expect(JSON.parse(readFileSync(passwordFile, 'utf8'))).toEqual(after);
});
