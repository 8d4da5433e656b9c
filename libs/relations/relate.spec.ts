import fc from 'fast-check';
import { codeOfRejection } from '../eventing/testing/rejections';
import { LinkKind, linkKinds, RelationEvent } from './events';
import { emptyGraph, evolve, Graph, membersOf, mergePath, survivorOf, targetsOf } from './graph';
import { link, merge, unlink, unmerge } from './relate';

const after = (...events: readonly RelationEvent[]): Graph => events.reduce(evolve, emptyGraph);
const linked = (kind: LinkKind, ...pairs: readonly (readonly [string, string])[]): Graph =>
  after(...pairs.map(([from, to]): RelationEvent => ({ type: 'RequestsLinked', data: { kind, from, to } })));
const merged = (...pairs: readonly (readonly [string, string])[]): Graph =>
  pairs.reduce(
    (graph, [source, survivor]) => merge({ source, survivor, reason: 'double' }, graph).reduce(evolve, graph),
    emptyGraph,
  );

describe('a link', () => {
  it('is said once', () => {
    expect(link({ kind: 'depends-on', from: 'A', to: 'B' }, emptyGraph)).toEqual([
      { type: 'RequestsLinked', data: { kind: 'depends-on', from: 'A', to: 'B' } },
    ]);
    expect(link({ kind: 'depends-on', from: 'A', to: 'B' }, linked('depends-on', ['A', 'B']))).toEqual([]);
  });
  it('between related requests is the same from either side', () => {
    const both = linked('relates-to', ['A', 'B']);
    expect(link({ kind: 'relates-to', from: 'B', to: 'A' }, both)).toEqual([]);
    expect(unlink({ kind: 'relates-to', from: 'B', to: 'A' }, both)).toHaveLength(1);
  });
  it('leads to another request', () =>
    expect(codeOfRejection(() => link({ kind: 'relates-to', from: 'A', to: 'A' }, emptyGraph))).toBe(
      'RELATION_TO_ITSELF',
    ));
  it.each(['parent', 'depends-on', 'duplicate-of'] as const)('of kind %s closes no circle', (kind) =>
    expect(codeOfRejection(() => link({ kind, from: 'C', to: 'A' }, linked(kind, ['A', 'B'], ['B', 'C'])))).toBe(
      'RELATION_CIRCLE',
    ),
  );
  it.each(['parent', 'duplicate-of'] as const)('of kind %s leads to one request only', (kind) =>
    expect(codeOfRejection(() => link({ kind, from: 'A', to: 'C' }, linked(kind, ['A', 'B'])))).toBe('RELATION_TAKEN'),
  );
  it('that is not there is taken back without an error', () =>
    expect(unlink({ kind: 'parent', from: 'A', to: 'B' }, emptyGraph)).toEqual([]));
  it('is one of a thousand at most', () => {
    const many = linked('parent', ...Array.from({ length: 1_000 }, (_, child) => [`C${child}`, 'P'] as const));
    expect(codeOfRejection(() => link({ kind: 'parent', from: 'X', to: 'P' }, many))).toBe('TOO_MANY_RELATIONS');
  });
});

describe('a merge', () => {
  const of = (source: string, survivor: string, graph: Graph) => () =>
    merge({ source, survivor, reason: 'double' }, graph);

  it('names all that comes with it', () =>
    expect(of('B', 'C', merged(['A', 'B']))()).toEqual([
      { type: 'RequestsMerged', data: { source: 'B', survivor: 'C', members: ['B', 'A'], reason: 'double' } },
    ]));
  it('is said once', () => expect(of('A', 'B', merged(['A', 'B']))()).toEqual([]));
  it('of what was merged already is refused', () =>
    expect(codeOfRejection(of('A', 'C', merged(['A', 'B'])))).toBe('REQUEST_MERGED'));
  it('into what was merged itself is refused', () =>
    expect(codeOfRejection(of('C', 'A', merged(['A', 'B'])))).toBe('REQUEST_MERGED'));
  it('of two into each other happens once', () =>
    expect(codeOfRejection(of('B', 'A', merged(['A', 'B'])))).toBe('RELATION_CIRCLE'));
  it('of three in a round stops before the circle', () =>
    expect(codeOfRejection(of('C', 'A', merged(['A', 'B'], ['B', 'C'])))).toBe('RELATION_CIRCLE'));
  it('leads on when its survivor is merged later', () =>
    expect(mergePath(merged(['A', 'B'], ['B', 'C']), 'A')).toEqual(['B', 'C']));
  it('is taken back with all that came with it, and says who stood for it', () =>
    expect(unmerge('B', 'two', merged(['A', 'B'], ['B', 'C'], ['C', 'D']))).toEqual([
      {
        type: 'RequestsUnmerged',
        data: { source: 'B', survivor: 'C', members: ['B', 'A'], path: ['C', 'D'], reason: 'two' },
      },
    ]));
  it('that was never made is taken back without an error', () => expect(unmerge('A', 'two', emptyGraph)).toEqual([]));
  it('makes one of two hundred at most', () => {
    const many = merged(...Array.from({ length: 199 }, (_, source) => [`S${source}`, 'X'] as const));
    expect(codeOfRejection(of('Y', 'X', many))).toBe('TOO_MANY_RELATIONS');
  });
});

const number = fc.constantFrom('A', 'B', 'C', 'D', 'E', 'F');
const attempt = <T>(decide: () => readonly T[]): readonly T[] => {
  try {
    return decide();
  } catch {
    return [];
  }
};

it('makes no circle of merges, in any order, and every number leads to a request that stands for itself', () =>
  fc.assert(
    fc.property(fc.array(fc.tuple(number, number, fc.integer({ min: 0, max: 3 })), { maxLength: 40 }), (steps) => {
      let graph = emptyGraph;
      for (const [source, survivor, way] of steps) {
        const said = attempt(() =>
          way === 0 ? unmerge(source, 'two', graph) : merge({ source, survivor, reason: 'double' }, graph),
        );
        graph = said.reduce(evolve, graph);
        for (const each of 'ABCDEF') {
          expect(mergePath(graph, each)).not.toContain(each);
          const last = survivorOf(graph, each) ?? each;
          expect(targetsOf(graph, last)).toEqual([]);
          expect(membersOf(graph, last)).toContain(each);
        }
      }
    }),
    { numRuns: 300 },
  ));

it('makes no circle of links, in any order', () =>
  fc.assert(
    fc.property(
      fc.constantFrom(...linkKinds.filter((kind) => kind !== 'relates-to')),
      fc.array(fc.tuple(number, number, fc.boolean()), { maxLength: 40 }),
      (kind, steps) => {
        let graph = emptyGraph;
        for (const [from, to, isLink] of steps) {
          const order = { kind, from, to };
          graph = attempt(() => (isLink ? link(order, graph) : unlink(order, graph))).reduce(evolve, graph);
        }
        const leads = (from: string, seen: readonly string[]): boolean =>
          seen.includes(from) || targetsOf(graph, from).some((to) => leads(to, [...seen, from]));
        for (const each of 'ABCDEF') expect(leads(each, [])).toBe(false);
      },
    ),
    { numRuns: 300 },
  ));
