import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'tsup';

const app = fileURLToPath(new URL('..', import.meta.url));

/**
 * Bundles programs of `src` with the sources of the packages, as no build of them may be at hand, into a folder of this package,
 * from which everything else resolves as it does from its `dist`.
 */
export async function bundlePrograms(entry: readonly string[]): Promise<{ folder: string; remove(): Promise<void> }> {
  const parent = join(app, 'test', 'dist');
  await mkdir(parent, { recursive: true });
  const folder = await mkdtemp(join(parent, 'bundle-'));
  await build({
    config: false,
    silent: true,
    entry: entry.map((file) => join(app, 'src', file)),
    outDir: folder,
    tsconfig: join(app, 'tsconfig.json'),
    format: 'esm',
    target: 'es2022',
    platform: 'node',
    noExternal: [/^@gradis\//],
    skipNodeModulesBundle: true,
  });
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}
