import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { readConfig } from '../../libs/platform/config/config';

const root = join(__dirname, '..', '..');

interface Service {
  readonly image: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly networks: readonly string[];
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
  readonly configs?: readonly { readonly source: string }[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly build?: { readonly dockerfile_inline: string };
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean }>>;
  readonly volumes: Readonly<Record<string, object>>;
  readonly configs: Readonly<Record<string, { readonly content: string }>>;
}

const text = readFileSync(join(root, 'docker-compose.yml'), 'utf8');
const compose: Compose = parse(text, { merge: true });
const names = Object.keys(compose.services);
const services = Object.entries(compose.services);
const service = (name: string): Service => {
  const found = compose.services[name];
  if (!found) throw new Error(`docker-compose.yml has no service ${name}`);
  return found;
};
/** As Compose would fill in `${NAME:?why}`. */
const filled = (environment: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [name, value.replace(/\$\{\w+:\?[^}]*\}/g, 'secret')]),
  );

describe('docker-compose.yml', () => {
  it('describes a cluster of three, a database, and the server in its two roles', () => {
    expect(names.sort()).toEqual(['api', 'eventstore1', 'eventstore2', 'eventstore3', 'postgres', 'worker']);
  });

  it.each(services)('pins what %s runs to an exact version', (_, { image, build }) => {
    const images = [image, ...(build?.dockerfile_inline.match(/(?<=^FROM ).+/gm) ?? [])];
    for (const each of images) expect(each).toMatch(/^[a-z/]+:\d+\.\d+(\.\d+)?(-[a-z]+)*$/);
  });

  it('runs the versions that the project is written for', () => {
    expect(service('eventstore1').image).toMatch(/:24\.10\./);
    expect(service('postgres').image).toMatch(/^postgres:18\./);
    const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    expect(engines.node).toBe('>=20.19');
    expect(service('api').build?.dockerfile_inline).toMatch(/^FROM node:20\.(19|[2-9]\d)\./);
  });

  it('builds the server from what is in the checkout', () => {
    const copied =
      service('api')
        .build?.dockerfile_inline.match(/(?<=^COPY ).+(?= \S+$)/gm)
        ?.flatMap((line) => line.split(' ')) ?? [];
    expect(copied).toEqual(expect.arrayContaining(['package-lock.json', 'apps', 'libs']));
    expect(copied.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  it.each(['api', 'worker'])(
    'gives %s a configuration that the server accepts and understands to the last variable',
    (role) => {
      const environment = filled(service(role).environment);
      expect(readConfig(environment)).toMatchObject({
        port: 3000,
        host: '0.0.0.0',
        roles: new Set([role]),
        dataDirectory: '/var/lib/casefold',
      });
      const known = [
        'HOST',
        'PORT',
        'CASEFOLD_DATA',
        'EVENTSTORE_URL',
        'DATABASE_URL',
        'KEYSTORE_URL',
        'CASEFOLD_ROLES',
      ];
      expect(Object.keys(environment).sort()).toEqual(known.sort());
      const hosts = Object.values(environment).flatMap(
        (value) => value.match(/(?<=[@/,])[a-z0-9]+(?=:(2113|5432))/g) ?? [],
      );
      expect(new Set(hosts)).toEqual(new Set(['eventstore1', 'eventstore2', 'eventstore3', 'postgres']));
    },
  );

  it('lets every node of the cluster seek the other two under the names they answer to', () => {
    const nodes = ['eventstore1', 'eventstore2', 'eventstore3'];
    for (const node of nodes) {
      const { environment } = service(node);
      const others = nodes.filter((other) => other !== node).map((other) => `${other}:2113`);
      expect(environment).toMatchObject({
        EVENTSTORE_CLUSTER_SIZE: '3',
        EVENTSTORE_NODE_HOST_ADVERTISE_AS: node,
        EVENTSTORE_REPLICATION_HOST_ADVERTISE_AS: node,
      });
      expect(environment.EVENTSTORE_GOSSIP_SEED?.split(',')).toEqual(others);
    }
  });

  it('waits for what is healthy, and knows of every service when it is', () => {
    for (const [name, { depends_on: needs = {}, healthcheck }] of services) {
      expect({ name, isChecked: (healthcheck?.test.length ?? 0) > 1 }).toEqual({ name, isChecked: true });
      for (const [needed, { condition }] of Object.entries(needs)) {
        expect(names).toContain(needed);
        expect(condition).toBe('service_healthy');
      }
    }
  });

  it('keeps the stores on a network without a way out, and lets only this machine in', () => {
    expect(compose.networks.stores).toEqual({ internal: true });
    for (const [name, { networks, ports = [] }] of services) {
      expect({ name, networks }).toEqual({
        name,
        networks: ['api', 'worker'].includes(name) ? ['stores', 'public'] : ['stores'],
      });
      for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
    }
  });

  it('declares every volume and configuration that is used, and no two stores share one', () => {
    const used = services.flatMap(([, { volumes = [] }]) => volumes.map((volume) => volume.split(':')[0]));
    expect(new Set(used)).toEqual(new Set(Object.keys(compose.volumes)));
    expect(used.filter((volume) => volume !== 'casefold')).toHaveLength(4);
    for (const { source } of services.flatMap(([, { configs = [] }]) => configs))
      expect(compose.configs).toHaveProperty(source);
  });

  it('holds no password', () => {
    expect(text).not.toMatch(/PASSWORD: (?!\$\{)/);
    expect(text.match(/postgres:\/\/\w+:(?!\$\{)/g)).toBeNull();
  });
});
