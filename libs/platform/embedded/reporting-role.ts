import { Client } from 'pg';
import { type PostgresPasswords, reportingRole } from './postgres-passwords';

/**
 * Makes the account of reporting jobs, or gives it its password and limits anew: clusters may be older than the role.
 *
 * It sees one database and, in it, what is granted to it where the views are made. Its limits keep a careless query from taking
 * what everybody else needs; only the number of connections and the rights cannot be lifted by the account itself.
 */
const connectionsMax = 5;
const statementSecondsMax = 60;
const idleSecondsMax = 60;

export const ensureReportingRole = async (
  socketFolder: string,
  { owner, reporting }: PostgresPasswords,
): Promise<void> => {
  const client = new Client({ host: socketFolder, user: 'owner', password: owner, database: 'casefold' });
  await client.connect();
  try {
    await client.query(statements(reporting));
  } finally {
    await client.end();
  }
};

const statements = (password: string): string => `
  do $$ begin
    if not exists (select from pg_roles where rolname = '${reportingRole}') then create role ${reportingRole}; end if;
  end $$;
  alter role ${reportingRole} login nosuperuser nocreatedb nocreaterole connection limit ${connectionsMax} password '${password}';
  alter role ${reportingRole} set statement_timeout = '${statementSecondsMax}s';
  alter role ${reportingRole} set idle_in_transaction_session_timeout = '${idleSecondsMax}s';
  alter role ${reportingRole} set default_transaction_read_only = on;
  alter role ${reportingRole} set search_path = reporting;
  grant connect on database casefold to ${reportingRole};
  revoke all on schema public from public`;
