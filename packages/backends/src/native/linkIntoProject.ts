import { copyFile, link, mkdir, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { checkCommand, checkInstallation } from './checkInstallation.js';
import { isFile } from './isFile.js';
import { type NativeInstallation, writeInstallation } from './NativeInstallation.js';
import { addonOf, packageFolderOf } from './nativePackage.js';
import { projectPackage } from './projectPackage.js';

/**
 * Copies a compiled addon to where the project's own package of the same version looks for one, and checks it there. An
 * addon that exists is left alone; a copy that does not work is removed again.
 *
 * @returns the copy; undefined if the project has no such package, or has an addon already
 * @throws Error if it cannot be copied or does not work there; or the signal's reason
 */
export async function linkIntoProject(
  installation: NativeInstallation,
  projectFolder: string,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const { packageName, packageVersion } = installation;
  const target = await projectPackage(packageName, projectFolder);
  if (target?.version !== packageVersion) return undefined;
  const addon = addonOf(target.folder);
  if (await isFile(addon)) return undefined;
  const made = await mkdir(dirname(addon), { recursive: true });
  const partial = `${addon}.partial-${process.pid}`;
  let isLinked = false;
  try {
    await copyFile(addonOf(packageFolderOf(installation)), partial);
    await link(partial, addon); // Unlike a rename, it fails where a file has come up meanwhile.
    isLinked = true;
    await checkInstallation(checkCommand(projectFolder, packageName), { signal });
    await writeInstallation({ ...installation, links: [...installation.links, addon] });
    return addon;
  } catch (error) {
    if (isLinked) await rm(addon, { force: true });
    if (made) await rm(made, { recursive: true, force: true });
    throw error;
  } finally {
    await rm(partial, { force: true });
  }
}
