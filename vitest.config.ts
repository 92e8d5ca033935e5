import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Two cores: more workers only make the private switches wait for each other.
    maxWorkers: 2,
    reporters: ['default', './test/summary-reporter.ts'],
    env: { NO_COLOR: '1' },
  },
});
