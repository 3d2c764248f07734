import { defineConfig } from 'tsup';

const shared = {
  target: 'es2022',
  clean: true,
  treeshake: true,
  // Types of other packages come from their built `dist`, as a user sees them, not from their sources.
  dts: { compilerOptions: { paths: {} } },
};

/** ESM + CommonJS + types of a published library with the single entry `src/index.ts`. */
export const library = (options = {}) =>
  defineConfig({ ...shared, entry: ['src/index.ts'], format: ['esm', 'cjs'], ...options });

/** An ESM program for Node; its types are not published. */
export const program = (options = {}) =>
  defineConfig({ ...shared, format: ['esm'], platform: 'node', dts: false, ...options });
