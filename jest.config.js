/** @type {import('jest').Config} */
module.exports = {
  testMatch: [
    '<rootDir>/{packages,subgraphs}/*/test/**/*.test.ts',
    '<rootDir>/{gateway,tools}/test/**/*.test.ts',
    '<rootDir>/tests/**/*.test.ts',
  ],
  // One empty server for all test files, unless MONGODB_URI names another; each file makes databases of its own in it.
  globalSetup: '<rootDir>/tests/setup/start-mongo.ts',
  globalTeardown: '<rootDir>/tests/setup/stop-mongo.ts',
  testEnvironmentOptions: { customExportConditions: ['@shopgraph/source', 'node', 'require', 'default'] },
  // These are published as ESM only, or load what is, which Jest cannot do as it is.
  transformIgnorePatterns: ['node_modules/(?!(jose|graphql-request|cookie|@fastify/cookie)/)'],
  transform: {
    '\\.m?[jt]s$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: false },
        },
        module: { type: 'commonjs' },
      },
    ],
  },
  testTimeout: 90_000,
  // Tests wait for servers as much as they compute.
  maxWorkers: '100%',
  // Jest keeps something of every file: workers that have grown spend their time on collecting it.
  workerIdleMemoryLimit: '1500MB',
};
