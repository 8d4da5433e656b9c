import type { FastifyInstance } from 'fastify';
import { Problem } from './problem';

interface KnownRoute {
  readonly pattern: RegExp;
  readonly methods: Set<string>;
}

/** Remembers what is served where, so that a wrong method can be told from a wrong address. Looked at on a miss only. */
export class KnownRoutes {
  private readonly routes = new Map<string, KnownRoute>();

  constructor(server: FastifyInstance) {
    server.addHook('onRoute', ({ url, method }) => {
      const route = this.routes.get(url) ?? { pattern: patternOf(url), methods: new Set() };
      for (const each of [method].flat()) route.methods.add(each);
      this.routes.set(url, route);
    });
  }

  /** @returns METHOD_NOT_ALLOWED with the methods that are, or NOT_FOUND */
  missed(method: string, path: string): Problem {
    const methods = [...this.routes.values()]
      .filter(({ pattern }) => pattern.test(path))
      .flatMap((route) => [...route.methods]);
    if (!methods.length && method !== 'TRACE') return new Problem('NOT_FOUND', 'There is no such address.');
    const allow = [...new Set(methods)].sort().join(', ');
    return new Problem('METHOD_NOT_ALLOWED', `${method} is not allowed here.`, { headers: { allow } });
  }
}

const patternOf = (url: string): RegExp => {
  const parts = url.split('/').map((part) => {
    if (part === '*') return '.*';
    return part.startsWith(':') ? '[^/]+' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${parts.join('/')}$`);
};
