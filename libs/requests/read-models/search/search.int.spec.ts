import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { tableOf } from '../../../eventing/projections/projection';
import { indexTableOf } from '../../../eventing/search/search-index';
import { wordsOf } from '../../../eventing/search/words';
import { Role } from '../../../platform/auth/caller';
import { RequestEvent } from '../../events';
import { cancelled, held, resolved, responded } from '../../testing/given';
import { QueueAnswer } from '../queue/queue.http';
import { queueProjection } from '../queue/queue.projection';
import { requestProjection } from '../request/request.projection';
import { ReadServer, startReadServer } from '../testing/read-server';
import { SimilarQuery } from '../similar/similar.query';
import { requestIndex } from './request-index';
import { SearchAnswer } from './search-answer.http';
import { matchesMax, walkedMax } from './search-filter';

/** What is found is what a plain look through every text that the caller may see finds, and nothing else. */
jest.setTimeout(60_000);

let server: ReadServer;
beforeAll(async () => {
  server = await startReadServer();
}, 60_000);
afterAll(() => server.stop(), 30_000);

const staleMax = 15;
// Longer than the first way of searching may take, and less than the second.
const heldSeconds = 1.5;
const ask = async <T>(
  role: Role,
  path: string,
  id?: string,
): Promise<{ status: number; body: T; headers: Headers }> => {
  const url = `${server.address}${path}${path.includes('?') ? '&' : '?'}after=${server.lastPosition()}`;
  const headers = { authorization: `Bearer ${await server.token(role, id)}` };
  for (let attempt = 1; ; attempt++) {
    const response = await fetch(url, { headers });
    if (response.headers.has('casefold-stale') && attempt < staleMax) continue;
    return { status: response.status, headers: response.headers, body: (await response.json()) as T };
  }
};
const search = (query: Record<string, string>, role: Role = 'agent', id?: string) =>
  ask<SearchAnswer>(role, `/v1/requests?${new URLSearchParams(query).toString()}`, id);
const numbersOf = ({ body }: { readonly body: SearchAnswer }): readonly string[] =>
  body.items.map(({ number }) => number);
/** All pages, each of which says the same total. */
const all = async (query: Record<string, string>, role: Role = 'agent', id?: string): Promise<readonly string[]> => {
  const found: string[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const answer = await search({ ...query, limit: '7', ...(cursor && { cursor }) }, role, id);
    expect(answer.status).toBe(200);
    found.push(...numbersOf(answer));
    cursor = answer.body.nextCursor;
    if (cursor === null) expect(answer.body.total).toBe(found.length);
  }
  expect(new Set(found).size).toBe(found.length);
  return found;
};
const noted = (text: string): RequestEvent => ({ type: 'RequestNoted', data: { text } });

describe('words', () => {
  // Words that are beginnings of others, that differ in form only, that stand in one text or in two.
  const vocabulary = [
    'net',
    'network',
    'Networks',
    'STRASSE',
    'straße',
    'café',
    'cafe',
    'A4',
    '印刷機',
    'naïve',
    'x',
    'a@b.org',
  ];
  interface Planted {
    readonly number: string;
    readonly customer: string;
    readonly typed: readonly string[];
    readonly read: readonly string[];
    readonly internal: readonly string[];
  }
  const planted: Planted[] = [];
  const text = fc.array(fc.constantFrom(...vocabulary), { minLength: 1, maxLength: 4 }).map((words) => words.join(' '));
  const plan = fc.record({
    ...{ subject: text, description: text, name: text, response: fc.option(text), note: fc.option(text) },
    customer: fc.nat(3),
  });
  const customers = Array.from({ length: 4 }, () => randomUUID());

  beforeAll(async () => {
    const plant = async (facts: typeof plan extends fc.Arbitrary<infer T> ? T : never): Promise<void> => {
      const { subject, description, name, response, note, customer } = facts;
      const owner = customers[customer] ?? '';
      const number = await server.open({ subject, description, customer: owner, contact: { name } });
      if (response !== null) await server.append(number, responded(response));
      if (note !== null) await server.append(number, noted(note));
      const read = [description, ...(response === null ? [] : [response])];
      planted.push({ number, customer: owner, typed: [subject, name], read, internal: note === null ? [] : [note] });
    };
    await Promise.all(fc.sample(plan, { numRuns: 24, seed: 7 }).map(plant));
  });

  const holds = (texts: readonly string[], phrase: readonly string[], isOpen: boolean): boolean =>
    texts.some((each) => {
      const words = wordsOf(each);
      return words.some((_, from) =>
        phrase.every((word, index) => {
          const found = words[from + index] ?? '';
          const mayGoOn = isOpen && index === phrase.length - 1 && [...word].length >= 3;
          return found === word || (mayGoOn && found.startsWith(word) && [...found].length > [...word].length);
        }),
      );
    });
  const oracle = (query: string, customer: string | undefined): readonly string[] => {
    const phrases = query.split(' ').map(wordsOf);
    return planted
      .filter((each) => customer === undefined || each.customer === customer)
      .filter(({ typed, read, internal }) =>
        phrases.every((phrase, index) => {
          const isLast = index === phrases.length - 1;
          const elsewhere = [...read, ...(customer === undefined ? internal : [])];
          return holds(typed, phrase, isLast) || holds(elsewhere, phrase, false);
        }),
      )
      .map(({ number }) => number)
      .sort();
  };

  it('are found exactly where a caller may see them, by agents and by customers', async () => {
    const asked = fc.tuple(
      fc.array(fc.constantFrom(...vocabulary, 'netw', 'caf', 'absent'), { minLength: 1, maxLength: 3 }),
      fc.nat(4),
    );
    await fc.assert(
      fc.asyncProperty(asked, async ([words, who]) => {
        const [query, customer] = [words.join(' '), customers[who]];
        const found = await all({ search: query }, customer === undefined ? 'agent' : 'customer', customer);
        // Others' cases of this file hold none of these words.
        expect([...found].sort()).toEqual(oracle(query, customer));
      }),
      { numRuns: 25 },
    );
  });

  it('are compared with something that can tell: not all searches find the same', () => {
    const sizes = new Set(vocabulary.map((word) => oracle(word, undefined).length));
    expect(sizes.size).toBeGreaterThan(3);
    expect(oracle('absent', undefined)).toEqual([]);
  });
});

it('puts the case first that has the word in its subject', async () => {
  const word = 'zeppelin';
  const [said, titled, heard] = [
    await server.open({ description: `The ${word} landed` }),
    await server.open({ subject: `A ${word} has landed` }),
    await server.open({}),
  ];
  await server.append(heard, noted(`no ${word}`));
  expect(numbersOf(await search({ search: word }))).toEqual([titled, said, heard]);
  expect(numbersOf(await search({ search: word, sort: 'oldest' }))).toEqual([said, titled, heard]);
});

it('wants quoted words together, in one text', async () => {
  const together = await server.open({ subject: 'left handed scissors' });
  await server.open({ subject: 'left', description: 'handed scissors' });
  expect(await all({ search: '"left handed"' })).toEqual([together]);
  expect(await all({ search: '"handed left"' })).toEqual([]);
  expect((await all({ search: 'left handed' })).length).toBe(2);
});

it('goes by what corrections say, and forgets what was redacted', async () => {
  const number = await server.open({ subject: 'kangaro', description: 'wombat' });
  const correction = { corrects: 0, reason: 'platypus', values: { subject: 'kangaroo' } };
  await server.append(number, { type: 'RequestCorrected', data: correction });
  expect(await all({ search: '"kangaro"' })).toEqual([]);
  expect(await all({ search: '"kangaroo"' })).toEqual([number]);
  expect(await all({ search: 'wombat' })).toEqual([number]);
  await server.append(number, {
    type: 'RequestTextRedacted',
    data: { redacts: 0, pointer: '/description', reason: 'x' },
  });
  expect(await all({ search: 'wombat' })).toEqual([]);
  await server.append(number, {
    type: 'RequestTextRedacted',
    data: { redacts: 1, pointer: '/values/subject', reason: 'x' },
  });
  expect(await all({ search: '"kangaroo"' })).toEqual([]);
});

it('asks the index alone when looking at one case after the other takes too long', async () => {
  const { pool } = server.installation.engine;
  const number = await server.open({ subject: 'kohlrabi' });
  expect(await all({ search: 'kohlrabi' })).toEqual([number]);
  const { rows } = await pool.query<{ id: string }>(
    'select key_id as id from search_generation where serving and name = $1 order by key_id limit 1',
    [requestIndex.name],
  );
  // Whoever holds the table makes the first way take longer than it may, and the second only long.
  const holder = await pool.connect();
  await holder.query(`begin; lock table ${indexTableOf(requestIndex, rows[0]?.id ?? '')} in access exclusive mode`);
  const [found] = await Promise.all([
    search({ search: 'kohlrabi' }),
    holder.query(`select pg_sleep(${heldSeconds}); rollback`),
  ]);
  holder.release();
  expect([found.status, numbersOf(found)]).toEqual([200, [number]]);
});

describe('filters', () => {
  const dayOf = (day: number): string => `2026-03-${String(day).padStart(2, '0')}T09:00:00.000Z`;
  const kinds = ['incident', 'question'] as const;
  const product = `p${randomUUID().slice(0, 8)}`;
  const mine: { number: string; type: string; category: string; day: number; status: string; priority: string }[] = [];

  beforeAll(async () => {
    const plant = async (index: number): Promise<void> => {
      const facts = {
        type: kinds[index % 2] ?? 'x',
        category: `c${index % 3}`,
        priority: (['P1', 'P3'] as const)[index % 2] ?? 'P1',
      };
      const number = await server.open(
        { ...facts, product, subject: `turnip ${index % 4}` },
        { occurredAt: dayOf(index + 1) },
      );
      const event = [undefined, held, resolved, cancelled][index % 4];
      if (event) await server.append(number, event, 'somebody', { occurredAt: dayOf(index + 2) });
      const status = ['open', 'held', 'resolved', 'cancelled'][index % 4] ?? '';
      mine.push({ number, ...facts, day: index + 1, status });
    };
    await Promise.all(Array.from({ length: 18 }, (_, index) => plant(index)));
    mine.sort((left, right) => left.day - right.day);
  });

  it('are exact, in any combination, and so are the total and the counts', async () => {
    const filter = fc.record(
      {
        type: fc.constantFrom(...kinds),
        category: fc.constantFrom('c0', 'c1', 'c2', 'c9'),
        status: fc.subarray(['open', 'held', 'resolved', 'cancelled'], { minLength: 1 }),
        priority: fc.subarray(['P1', 'P3'], { minLength: 1 }),
        search: fc.constantFrom('turnip', '"turnip 2"', 'parsnip'),
        openedFrom: fc.integer({ min: 1, max: 19 }),
        openedTo: fc.integer({ min: 1, max: 19 }),
        sort: fc.constantFrom('newest', 'oldest', 'due'),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(filter, async ({ openedFrom, openedTo, ...wanted }) => {
        const query = {
          product,
          ...Object.fromEntries(Object.entries(wanted).map(([name, value]) => [name, String(value)])),
          ...(openedFrom === undefined ? {} : { openedFrom: dayOf(openedFrom) }),
          ...(openedTo === undefined ? {} : { openedTo: dayOf(openedTo) }),
        };
        const expected = mine.filter(
          (each) =>
            (wanted.type === undefined || each.type === wanted.type) &&
            (wanted.category === undefined || each.category === wanted.category) &&
            (wanted.status === undefined || wanted.status.includes(each.status)) &&
            (wanted.priority === undefined || wanted.priority.includes(each.priority)) &&
            wanted.search !== 'parsnip' &&
            (wanted.search !== '"turnip 2"' || (each.day - 1) % 4 === 2) &&
            (openedFrom === undefined || each.day >= openedFrom) &&
            (openedTo === undefined || each.day < openedTo),
        );
        const found = await all(query);
        expect([...found].sort()).toEqual(expected.map(({ number }) => number).sort());
        if (wanted.sort === 'oldest') expect(found).toEqual(expected.map(({ number }) => number));
        const { body } = await search({ ...query, counts: 'true' });
        const perStatus: Record<string, number> = {};
        for (const { status } of expected) perStatus[status] = (perStatus[status] ?? 0) + 1;
        expect(body.counts?.status).toEqual(perStatus);
        expect(Object.values(body.counts?.priority ?? {}).reduce((sum, cases) => sum + cases, 0)).toBe(body.total);
      }),
      { numRuns: 15 },
    );
  });

  it('count the same cases as the queue does', async () => {
    const queue = await ask<QueueAnswer>('agent', '/v1/queue?status=open,held&priority=P1,P3&limit=1');
    const { body } = await search({ status: 'open,held', priority: 'P1,P3', counts: 'true', limit: '1' });
    expect(body.total).toBe(queue.body.total);
    expect((body.counts?.status['open'] ?? 0) + (body.counts?.status['held'] ?? 0)).toBe(queue.body.total);
  });

  it('find what was resolved when', async () => {
    const from = { product, resolvedFrom: dayOf(1) };
    expect((await all({ ...from, resolvedTo: dayOf(30) })).length).toBe(
      mine.filter(({ status }) => status === 'resolved').length,
    );
    expect(await all({ ...from, resolvedTo: dayOf(2) })).toEqual([]);
  });
});

describe('refusals', () => {
  const refusal = async (query: Record<string, string>, role: Role = 'agent') => {
    const { status, body } = await ask<{ code?: string; errors?: { pointer: string; code: string }[] }>(
      role,
      `/v1/requests?${new URLSearchParams(query).toString()}`,
    );
    return [status, body.errors?.[0]?.pointer ?? body.code];
  };
  it.each([
    ['nothing at all', {}, [422, '/search']],
    ['seventeen words', { search: 'a '.repeat(17) }, [422, '/search']],
    ['relevance of no words', { status: 'open', sort: 'relevance' }, [422, '/sort']],
    ['an unknown parameter', { serch: 'x' }, [422, '/serch']],
    ['a day that does not exist', { openedFrom: '2026-02-30T00:00:00Z' }, [422, '/openedFrom']],
    ['a cursor of other filters', { search: 'turnip', cursor: 'abc.def' }, [400, 'INVALID_CURSOR']],
    ['a team that nobody knows', { team: 'nobody' }, [422, '/team']],
  ])('of %s', async (_, query, answer) => expect(await refusal(query)).toEqual(answer));

  it('of words to those who may not read texts, who still find by number and filter', async () => {
    const number = await server.open();
    expect(await refusal({ search: 'printer' }, 'auditor')).toEqual([403, 'FORBIDDEN']);
    expect(numbersOf(await search({ search: number }, 'auditor'))).toEqual([number]);
    expect((await search({ status: 'open' }, 'auditor')).body.total).toBeGreaterThan(0);
  });
  it('of what customers are not told', async () => {
    const queries: Record<string, string>[] = [
      { assignee: 'bob' },
      { overdue: 'true' },
      { dueBefore: '2026-03-01T00:00:00Z' },
    ];
    for (const query of queries) expect(await refusal(query, 'customer')).toEqual([403, 'FORBIDDEN']);
  });
  it('of nothing that has no word: it finds nothing', async () => {
    for (const nothing of ['%_\\', '*', '???', '"', '😀', "'); --"])
      if (!wordsOf(nothing).length)
        expect((await search({ search: nothing })).body).toMatchObject({ items: [], total: 0 });
  });
});

describe('more matches than are counted', () => {
  const [matching, others] = [matchesMax + 40, walkedMax + 60];
  const made = (index: number): string => `CSR-M${String(index).padStart(6, '0')}`;
  const word = 'rhubarb';
  let [has, hasNot] = ['', ''];
  let end: (() => Promise<void>) | undefined;

  // A row of each table again and again; what is sealed says itself where it was sealed.
  beforeAll(async () => {
    const { pool } = server.installation.engine;
    has = await server.open({ subject: `${word} crumble` });
    hasNot = await server.open({ subject: 'celery crumble' });
    await search({ search: word });
    const { rows } = await pool.query<{ id: string }>(
      'select key_id as id from search_generation where serving and name = $1 order by key_id limit 1',
      [requestIndex.name],
    );
    const [request, queue] = [tableOf(requestProjection), tableOf(queueProjection)];
    const index = indexTableOf(requestIndex, rows[0]?.id ?? '');
    const copy = async (table: string, from: string, columns: string, first: number, last: number): Promise<void> => {
      const key = `'CSR-M' || lpad(g::text, 6, '0')`;
      await pool.query(
        `insert into ${table} select t.* from generate_series($2::int, $3::int) g cross join lateral (
           select (jsonb_populate_record(c, jsonb_build_object('key', ${key}${columns}))).* from ${table} c where c.key = $1) t`,
        [from, first, last],
      );
    };
    // The older ones have the word.
    const openedAt = `, 'opened_at', timestamptz '2025-01-01' + g * interval '1 minute'`;
    for (const [from, first, last] of [
      [has, 1, matching],
      [hasNot, matching + 1, matching + others],
    ] as const) {
      await copy(request, from, '', first, last);
      await copy(queue, from, '', first, last);
      await copy(index, from, openedAt, first, last);
    }
    await pool.query(`analyze ${index}`);
    end = async () => {
      for (const table of [request, queue, index]) await pool.query(`delete from ${table} where key like 'CSR-M%'`);
    };
  });
  afterAll(() => end?.());

  it('are told to be more, page by page in the order of their opening', async () => {
    const walked = { oldest: ['CSR-M000001', 200, 200], newest: [made(matching), 0, 200, 200] } as const;
    for (const [sort, [first, ...lengths]] of Object.entries(walked)) {
      const found: string[] = [];
      let cursor: string | null = null;
      for (const length of lengths) {
        const answer = await search({
          search: word,
          openedTo: '2025-12-31T00:00:00Z',
          sort,
          limit: '200',
          ...(cursor && { cursor }),
        });
        expect(answer.body).toMatchObject({ total: matchesMax, totalIsAtLeast: true });
        // Where none of many cases matches, a page is short and the next one goes on.
        expect(answer.body.items.length).toBe(length);
        found.push(...numbersOf(answer));
        cursor = answer.body.nextCursor;
      }
      const from = Number(first.slice('CSR-M'.length));
      expect(found).toEqual(found.map((_, index) => made(sort === 'oldest' ? from + index : from - index)));
    }
  });

  it('are ranked among the newest of them, and not by what is due', async () => {
    const { body } = await search({ search: word, limit: '5' });
    expect(body).toMatchObject({ total: matchesMax, totalIsAtLeast: true });
    expect(body.items).toHaveLength(5);
    expect((await search({ search: word, sort: 'due' })).body).toMatchObject({ code: 'SEARCH_TOO_BROAD' });
  });

  it('are not told apart by counts, which would be those of any of them', async () => {
    const { body } = await search({ search: word, counts: 'true' });
    expect(body).toMatchObject({ total: matchesMax, totalIsAtLeast: true });
    expect(body.counts).toBeUndefined();
  });

  it('are alike where all words are frequent, as far as they are among the newest of all', async () => {
    const similar = new SimilarQuery(server.installation.engine);
    const like = (subject: string) =>
      similar.of({ customer: undefined, personal: true, internal: true }, { subject, customers: [] });
    const { cases, isPartial } = await like('celery crumble');
    const newest = Array.from({ length: 199 }, (_, index) => made(matching + others - index));
    expect(isPartial).toBe(false);
    expect(cases.map(({ number }) => number).sort()).toEqual([hasNot, ...newest].sort());
    expect((await like(`${word} crumble`)).cases.map(({ number }) => number)).toEqual([has]);
  });

  it('are exact again where a filter leaves fewer of them', async () => {
    const openedTo = '2025-01-01T03:00:00.000Z';
    const { body } = await search({ search: word, openedTo, sort: 'oldest', counts: 'true' });
    expect(body).toMatchObject({ total: 179, totalIsAtLeast: false, counts: { status: { open: 179 } } });
  });
});
