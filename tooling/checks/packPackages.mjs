import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPackageFromTarballData } from '@arethetypeswrong/core';
import { root } from '../setup/execute.mjs';
import { pnpm } from '../setup/pnpm.mjs';
import { workspaceFolders } from '../setup/workspaceFolders.mjs';

/**
 * Packs every package of the workspace that is published, as `pnpm publish` would.
 *
 * @returns {Promise<import('@arethetypeswrong/core').Package[]>} what is in the tarballs
 * @throws Error if a package has not been built
 */
export async function packPackages() {
  const published = workspaceFolders().filter((folder) => !readManifest(folder).private);
  const unbuilt = published.filter((folder) => !existsSync(join(root, folder, 'dist')));
  if (unbuilt.length > 0) throw new Error(`Not built: ${unbuilt.join(', ')}. Run \`pnpm build\` first.`);

  const destination = mkdtempSync(join(tmpdir(), 'gradis-pack-'));
  try {
    const log = [];
    const filters = published.map((folder) => `--filter=./${folder}`);
    const code = await pnpm(['--recursive', ...filters, 'pack', '--pack-destination', destination], {
      stdio: ['ignore', 'pipe', 'pipe'],
      onOutput: (chunk) => log.push(chunk),
    });
    const tarballs = readdirSync(destination);
    if (code !== 0 || tarballs.length !== published.length) {
      throw new Error(
        `pnpm pack made ${tarballs.length} tarballs of ${published.length} packages:\n${Buffer.concat(log)}`,
      );
    }
    return tarballs.map((file) => createPackageFromTarballData(readFileSync(join(destination, file))));
  } finally {
    rmSync(destination, { recursive: true });
  }
}

function readManifest(folder) {
  return JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
}
