/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Files that need each other are one file, or hide a third.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'services-do-not-import-services',
      comment: 'They meet in schema/ and in events only.',
      severity: 'error',
      from: { path: '^(gateway|subgraphs/([^/]+))/' },
      to: { path: '^(gateway|subgraphs/[^/]+)/', pathNot: ['^$1/', '^subgraphs/$2/'] },
    },
    {
      name: 'kit-knows-no-service',
      severity: 'error',
      from: { path: '^packages/' },
      to: { path: '^(gateway|subgraphs|tools|tests)/' },
    },
    {
      name: 'embedded-mongo-stands-alone',
      severity: 'error',
      from: { path: '^packages/embedded-mongo/src' },
      to: { path: '^packages/(?!embedded-mongo)' },
    },
    {
      name: 'client-stands-alone',
      severity: 'error',
      from: { path: '^packages/client/src' },
      to: { path: '^packages/(?!client)' },
    },
    {
      name: 'production-code-does-not-import-tests',
      severity: 'error',
      from: { path: '/src/' },
      to: { path: '(/test/|/testing/|^tests/)' },
    },
    {
      name: 'no-unresolvable',
      severity: 'error',
      from: {},
      // Holds types only, and nothing that could be resolved.
      to: { couldNotResolve: true, pathNot: '^@graphql-typed-document-node/core$' },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules', '/dist/'] },
    exclude: { path: ['node_modules', '/dist/'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      conditionNames: ['@shopgraph/source', 'import', 'require', 'node', 'default'],
      exportsFields: ['exports'],
    },
  },
};
