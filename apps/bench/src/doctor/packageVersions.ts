import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** The packages that backends come from. */
const PACKAGES = [
  '@tensorflow/tfjs',
  '@tensorflow/tfjs-backend-wasm',
  '@tensorflow/tfjs-backend-webgpu',
  'webgpu',
  '@tensorflow/tfjs-node',
  '@tensorflow/tfjs-node-gpu',
];

/** The installed version of each, or null: those of the project in this folder, else those that @gradis/backends sees. */
export function packageVersions(folder = process.cwd()): Record<string, string | null> {
  const backends = createRequire(import.meta.url).resolve('@gradis/backends');
  const places = [join(folder, 'package.json'), backends].map((path) => createRequire(path));
  return Object.fromEntries(PACKAGES.map((name) => [name, firstVersion(name, places)]));
}

function firstVersion(name: string, places: readonly NodeJS.Require[]): string | null {
  for (const { resolve } of places) {
    const folder = (resolve.paths(name) ?? []).map((modules) => join(modules, name));
    for (const path of folder) {
      try {
        return (JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')) as { version: string }).version;
      } catch {
        // not there: look on
      }
    }
  }
  return null;
}
