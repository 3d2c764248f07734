import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cachedFolder, type DataPackage } from './DataPackage.js';
import { hasRecordedSizes } from './fileSizes.js';

/**
 * Folder of a package that is installed beside this program or in the project that it is started in, or that lies whole
 * in the cache. Undefined where it does neither.
 */
export async function findPackage(wanted: DataPackage): Promise<string | undefined> {
  const installed = installedFolder(wanted.name);
  if (installed) return installed;
  const cached = cachedFolder(wanted);
  return (await hasRecordedSizes(cached)) ? cached : undefined;
}

function installedFolder(name: string): string | undefined {
  const paths = [dirname(fileURLToPath(import.meta.url)), process.cwd()];
  try {
    return dirname(createRequire(import.meta.url).resolve(`${name}/package.json`, { paths }));
  } catch {
    return undefined;
  }
}
