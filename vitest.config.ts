import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'sandbox/**/*.test.ts', 'embedded-mongo/**/*.test.ts', 'examples/**/*.test.ts'],
    testTimeout: 20_000,
    hookTimeout: 30_000,
    maxWorkers: 2,
    // Files share what a worker has loaded and compiled, which halves the time: each leaves behind nothing but that.
    isolate: false,
    restoreMocks: true,
  },
})
