import { Command } from 'commander';
import { layoutOf } from '../../../libs/platform/embedded/data-directory';
import { postgresPasswords, reportingRole } from '../../../libs/platform/embedded/postgres-passwords';
import { Failed } from '../failures';
import { Invocation, printJson, printLine } from '../invocation';
import { Session, withSession } from '../session';

interface Access {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string;
}

export const declareReporting = (program: Command, invocation: Invocation): void => {
  program
    .command('reporting')
    .description('print how reporting jobs connect to the database of a running server (embedded mode)')
    .option('--json', 'print host, port, database, user and password as JSON')
    .addHelpText(
      'after',
      `
The account reads the views of the schema "reporting" and nothing else; libs/requests/reporting/README.md describes them.
The host is a folder that only the account of the server and root can enter.
With DATABASE_URL, grant the role ${reportingRole} to an account of your own.`,
    )
    .action(async ({ json }: { json?: boolean }) => {
      const access = await withSession(invocation, 'reporting', async (session) => accessOf(session));
      if (json) printJson(invocation, access);
      else printLine(invocation, urlOf(access));
    });
};

const accessOf = ({ config, stores, besideServer }: Session): Access => {
  if (config.databaseUrl !== undefined)
    throw new Failed('refused', `the database is yours: grant the role ${reportingRole} to an account of your own`);
  const { host, port } = stores.database;
  if (!besideServer || host === undefined)
    throw new Failed('unavailable', 'start the server first: it runs the database');
  const { reporting: password } = postgresPasswords(layoutOf(config.dataDirectory));
  return { host, port: Number(port), database: 'casefold', user: reportingRole, password };
};

const urlOf = ({ host, port, database, user, password }: Access): string =>
  `postgres://${user}:${password}@/${database}?host=${encodeURIComponent(host)}&port=${port}`;
