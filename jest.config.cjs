/** Jest: every test under test/ that is named *.test.ts; TypeScript is stripped by swc (types are checked by `npm run lint`'s tsc). */
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2023' }, module: { type: 'commonjs', strictMode: true }, sourceMaps: 'inline' },
    ],
  },
  setupFiles: ['<rootDir>/test/support/property-seed.ts'],
  testTimeout: 60000,
  // Most tests of programs wait more than they work.
  maxWorkers: 2,
  reporters: ['default', '<rootDir>/scripts/closing-line.mjs'],
};
