import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './execute.mjs';

/** The folders with a package, relative to the root, as pnpm-workspace.yaml has them: `.`, `tooling`, `packages/samplers`, … */
export function workspaceFolders() {
  const children = (parent) =>
    readdirSync(join(root, parent))
      .sort()
      .map((name) => `${parent}/${name}`);
  return ['.', 'tooling', ...children('packages'), ...children('apps')].filter((folder) =>
    existsSync(join(root, folder, 'package.json')),
  );
}
