/** Who may import whom. Each rule is an error, and says what it keeps. */
const edge = '\\.(http|handler|module|query|adapter|process|filter|guard|pipe)\\.ts$|\\.spec\\.ts$';
const domains = '^libs/(?!eventing/|platform/|statistics/|case-numbers/)';

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'A cycle has no order to read it in.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-orphans',
      comment: 'What nobody imports is dead.',
      severity: 'error',
      from: { orphan: true, pathNot: ['main\\.ts$', '\\.(spec|d)\\.ts$', '\\.(js|cjs|mjs)$', '^test/'] },
      to: {},
    },
    {
      name: 'engine-knows-no-domain',
      comment: 'libs/eventing imports nothing of ours.',
      severity: 'error',
      from: { path: '^libs/eventing/' },
      to: { path: '^(libs/(?!eventing/)|apps/)' },
    },
    {
      name: 'event-store-stands-alone',
      comment: 'It could be published on its own.',
      severity: 'error',
      from: { path: '^apps/eventstore/' },
      to: { path: '^(libs/|apps/(?!eventstore/))' },
    },
    {
      name: 'libs-know-no-apps',
      comment: 'Composition roots are at the top.',
      severity: 'error',
      from: { path: '^libs/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^apps/' },
    },
    {
      name: 'pure-files-stay-pure',
      comment: 'A file without an edge suffix imports no framework, store or platform.',
      severity: 'error',
      from: { path: domains, pathNot: [edge, '/import/', '/testing/'] },
      to: {
        path: [
          '^libs/platform/(?!auth/caller\\.ts)',
          'node_modules/(@nestjs|pg|@eventstore|fastify)/',
          '^(node:)?(fs|net|http|child_process)',
        ],
      },
    },
    {
      name: 'domains-meet-in-events',
      comment:
        'Another domain is known by its events.ts; at the edges also by its adapters, and its tables by their projections.',
      severity: 'error',
      from: { path: '^libs/(requests|customers|teams)/', pathNot: '\\.spec\\.ts$' },
      to: {
        path: '^libs/(requests|customers|teams)/',
        // How somebody works is folded alike by their stream and by the read models.
        pathNot: ['^libs/$1/', '(events|\\.adapter|\\.projection)\\.ts$', '^libs/teams/roster\\.ts$'],
      },
    },
    {
      name: 'commands-read-no-models',
      comment: 'A decision rests on the log, never on a read model.',
      severity: 'error',
      from: { path: '^libs/.*/commands/' },
      to: { path: '/(read-models|processes|reports)/', pathNot: '^libs/customers/processes/complete-erasure/' },
    },
    {
      name: 'read-models-decide-nothing',
      comment: 'Read models never import deciders.',
      severity: 'error',
      from: { path: '/(read-models|reports)/' },
      to: { path: '/commands/' },
    },
    {
      name: 'slices-stay-apart',
      comment: 'Slices of a library meet in its events and its state.',
      severity: 'error',
      from: { path: '^(libs/[^/]+/commands)/([^/]+)/' },
      to: { path: '^$1/', pathNot: '^$1/$2/' },
    },
    {
      name: 'no-test-code-in-production',
      comment: 'Test helpers stay in tests.',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: ['\\.spec\\.ts$', '/testing/'] },
      to: { path: '(\\.spec\\.ts$|/testing/|^test/)' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    exclude: { path: '^dist/' },
  },
};
