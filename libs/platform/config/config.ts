import { resolve } from 'node:path';

export const repliesToClosed = ['follow-up', 'reopen'] as const;
export type ReplyToClosed = (typeof repliesToClosed)[number];

const daySeconds = 86_400;

export const serverRoles = ['api', 'worker'] as const;
export type ServerRole = (typeof serverRoles)[number];

/** Everything the environment decides, parsed and checked once. A URL that is absent means: embedded. */
export interface Config {
  readonly host: string;
  readonly port: number;
  /** Absolute. */
  readonly dataDirectory: string;
  readonly eventStoreUrl?: string;
  readonly databaseUrl?: string;
  readonly keystoreUrl?: string;
  readonly roles: ReadonlySet<ServerRole>;
  /** E-mail addresses of the desk itself, in lower case: what comes from them is not answered. */
  readonly ownAddresses: ReadonlySet<string>;
  /** What a customer's reply to a case that is over does. */
  readonly replyToClosed: ReplyToClosed;
  /** How long after its end customers may take up a case again. */
  readonly reopenSeconds: number;
}

/** A setting that cannot be used. The message names the variable and what it wants; who catches it exits with 2. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(
    readonly variable: string,
    wanted: string,
  ) {
    super(`${variable} ${wanted}`);
  }
}

type Environment = Readonly<Record<string, string | undefined>>;

/** @throws ConfigError for the first value that is wrong; no value is echoed, since a URL may hold a password. */
export const readConfig = (environment: Environment): Config => {
  const value = (name: string) => environment[name]?.trim() || undefined;
  const databaseUrl = postgresUrl('DATABASE_URL', value('DATABASE_URL'));
  return {
    host: host(value('HOST') ?? '127.0.0.1'),
    port: port(value('PORT') ?? '3000'),
    dataDirectory: resolve(value('CASEFOLD_DATA') ?? './data'),
    eventStoreUrl: eventStoreUrl(value('EVENTSTORE_URL')),
    databaseUrl,
    keystoreUrl: keystoreUrl(value('KEYSTORE_URL'), databaseUrl),
    roles: roles(value('CASEFOLD_ROLES') ?? serverRoles.join(',')),
    ownAddresses: ownAddresses(value('CASEFOLD_OWN_ADDRESSES') ?? ''),
    replyToClosed: replyToClosed(value('CASEFOLD_REPLY_TO_CLOSED') ?? 'follow-up'),
    reopenSeconds: reopenDays(value('CASEFOLD_REOPEN_DAYS') ?? '14') * daySeconds,
  };
};

const ownAddresses = (text: string): ReadonlySet<string> => {
  const addresses = text.split(',').flatMap((each) => each.trim().toLowerCase() || []);
  if (addresses.some((address) => !/^[^\s@]+@[^\s@]+$/.test(address))) {
    throw new ConfigError('CASEFOLD_OWN_ADDRESSES', 'must be e-mail addresses, separated by commas');
  }
  return new Set(addresses);
};

const replyToClosed = (text: string): ReplyToClosed => {
  const known = repliesToClosed.find((each) => each === text);
  if (!known) throw new ConfigError('CASEFOLD_REPLY_TO_CLOSED', `must be one of ${repliesToClosed.join(', ')}`);
  return known;
};

const reopenDays = (text: string): number => {
  if (!/^\d{1,4}$/.test(text)) throw new ConfigError('CASEFOLD_REOPEN_DAYS', 'must be a whole number from 0 to 9999');
  return Number(text);
};

const host = (text: string): string => {
  if (!/^[A-Za-z0-9.:_-]{1,253}$/.test(text)) throw new ConfigError('HOST', 'must be a host name or an address');
  return text;
};

const port = (text: string): number => {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) {
    throw new ConfigError('PORT', 'must be a whole number from 0 (any free port) to 65535');
  }
  return Number(text);
};

const eventStoreUrl = (text: string | undefined): string | undefined => {
  if (text !== undefined && !/^esdb(\+discover)?:\/\/[^\s/]+/.test(text)) {
    throw new ConfigError('EVENTSTORE_URL', 'must look like esdb://host:2113?tls=true or esdb+discover://…');
  }
  return text;
};

const postgresUrl = (variable: string, text: string | undefined): string | undefined => {
  if (text === undefined) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^postgres(ql)?:$/.test(url.protocol) || url.pathname.length < 2) {
    throw new ConfigError(variable, 'must look like postgres://user:password@host:5432/database');
  }
  return text;
};

/** Keys live in a database of their own, so that a dump of the read models never holds what decrypts them. */
const keystoreUrl = (text: string | undefined, databaseUrl: string | undefined): string | undefined => {
  if (text !== undefined && databaseUrl === undefined) {
    throw new ConfigError('KEYSTORE_URL', 'needs DATABASE_URL; without both, the embedded database is used');
  }
  if (text !== undefined && databaseUrl !== undefined && sameDatabase(text, databaseUrl)) {
    throw new ConfigError('KEYSTORE_URL', 'must name another database than DATABASE_URL');
  }
  return postgresUrl('KEYSTORE_URL', text) ?? (databaseUrl && besideIt(databaseUrl));
};

const sameDatabase = (one: string, other: string): boolean => {
  if (!URL.canParse(one)) return false;
  const [left, right] = [new URL(one), new URL(other)];
  return left.host === right.host && left.pathname === right.pathname;
};

const besideIt = (databaseUrl: string): string => {
  const url = new URL(databaseUrl);
  url.pathname += '_keystore';
  return url.toString();
};

const roles = (text: string): ReadonlySet<ServerRole> => {
  const names = text.split(',').map((name) => name.trim());
  const known = serverRoles.filter((role) => names.includes(role));
  if (!known.length || names.some((name) => !serverRoles.some((role) => role === name))) {
    throw new ConfigError('CASEFOLD_ROLES', `must be one or more of ${serverRoles.join(', ')}, separated by commas`);
  }
  return new Set(known);
};
