import { readFile, rm } from 'node:fs/promises';
import { nativeInstallations } from './NativeInstallation.js';
import { addonOf, nativeFolder, packageFolderOf } from './nativePackage.js';
import { removeForgotten } from './staging.js';

/**
 * Removes everything that `installNative` has made: the installations, and the copies of their addons in projects that
 * are still as they were copied. A TensorFlow that belongs to a Python stays.
 *
 * @returns what was removed
 */
export async function removeNative(cacheFolder?: string): Promise<string[]> {
  const removed: string[] = [];
  await removeForgotten(nativeFolder(cacheFolder), 0);
  for (const { folder, installation } of await nativeInstallations(cacheFolder)) {
    if (installation) {
      const addon = await content(addonOf(packageFolderOf(installation)));
      for (const link of installation.links) {
        if (!addon || !(await content(link))?.equals(addon)) continue;
        await rm(link);
        removed.push(link);
      }
    }
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    removed.push(folder);
  }
  return removed;
}

async function content(path: string): Promise<Buffer | undefined> {
  return readFile(path).catch(() => undefined);
}
