/** @type {import('jest').Config} */
module.exports = {
  roots: ['<rootDir>/apps', '<rootDir>/libs', '<rootDir>/test'],
  testMatch: ['**/*.spec.ts'],
  testEnvironment: '<rootDir>/test/runner/one-realm.environment.js',
  runtime: '<rootDir>/test/runner/shared-modules.runtime.js',
  globalSetup: '<rootDir>/test/runner/prepare.js',
  transform: { '^.+\\.(ts|js|mjs)$': ['@swc/jest'] },
  // These are published as ES modules only; Jest loads CommonJS.
  transformIgnorePatterns: ['/node_modules/(?!(jose|hyparquet-writer|hyparquet)/)'],
  modulePathIgnorePatterns: ['<rootDir>/dist'],
  maxWorkers: 2,
  // Real stores on a busy machine: a test that waits for a condition ends by its condition, not by being slow.
  testTimeout: 60_000,
  reporters: ['default', '<rootDir>/test/closing-line.reporter.js'],
};
