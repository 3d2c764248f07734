import { existsSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { root } from './execute.mjs';

/** The package of Chromium for machines that have none, as an archive: one of the last that allows Node 20. */
export const packagedChromium = '@sparticuz/chromium@143.0.4';

/** Where `fetchChromium` unpacks it. */
export const packagedFolder = join(root, 'node_modules', '.cache', 'chromium-143.0.4');

/** Where Chromium and its relatives are installed, by platform. */
const places = {
  linux: ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', join(packagedFolder, 'chromium')],
  darwin: ['Google Chrome', 'Chromium'].map((name) => `/Applications/${name}.app/Contents/MacOS/${name}`),
  win32: [`${process.env.PROGRAMFILES}\\Google\\Chrome\\Application\\chrome.exe`],
};

/** Debian's and Ubuntu's start scripts are not in the folder of the program. */
const foldersBehindScripts = ['/usr/lib/chromium', '/usr/lib/chromium-browser'];

/** Program of `CHROMIUM_PATH`, or of an installed Chromium, or of the one that `fetchChromium` has fetched; undefined: none. */
export function findChromium() {
  const { CHROMIUM_PATH } = process.env;
  if (CHROMIUM_PATH && !existsSync(CHROMIUM_PATH)) {
    throw new Error(`CHROMIUM_PATH is ${CHROMIUM_PATH}, which does not exist; name the program of Chromium.`);
  }
  return CHROMIUM_PATH || places[process.platform]?.find(existsSync);
}

/**
 * What a process needs in its environment when it starts, so that WebGPU in Node takes SwiftShader, a driver of Vulkan that
 * runs on the CPU: Chromium brings it along, and the loader of Vulkan, too. Empty where there is none, or where the
 * environment names a driver already.
 *
 * @returns {Record<string, string>}
 */
export function softwareVulkan() {
  const { VK_ICD_FILENAMES, LD_LIBRARY_PATH } = process.env;
  const executable = findChromium();
  if (process.platform !== 'linux' || VK_ICD_FILENAMES || !executable) return {};
  const folder = [dirname(realpathSync(executable)), ...foldersBehindScripts].find((folder) =>
    existsSync(join(folder, 'vk_swiftshader_icd.json')),
  );
  if (!folder) return {};
  // The packaged one has further libraries in a folder of their own.
  const libraries = [folder, join(folder, 'lib'), ...(LD_LIBRARY_PATH ? [LD_LIBRARY_PATH] : [])];
  return {
    VK_ICD_FILENAMES: join(folder, 'vk_swiftshader_icd.json'),
    LD_LIBRARY_PATH: libraries.join(delimiter),
  };
}
