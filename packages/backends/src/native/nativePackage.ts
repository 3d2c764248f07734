import { join, resolve } from 'node:path';
import { cacheFolder } from './cacheFolder.js';

/** The packages that bring native TensorFlow to TensorFlow.js; they differ in their name and in what they download. */
export type NativePackage = '@tensorflow/tfjs-node' | '@tensorflow/tfjs-node-gpu';

/** Version of N-API that the addon is compiled for: the highest that tfjs-node 4 looks for, and every Node ≥ 20 has it. */
export const NAPI_VERSION = 8;

/** The package for a GPU, or for the CPU. */
export function nativePackage(gpu = false): NativePackage {
  return gpu ? '@tensorflow/tfjs-node-gpu' : '@tensorflow/tfjs-node';
}

/** Where a package looks for its addon. */
export function addonOf(packageFolder: string): string {
  return join(packageFolder, 'lib', `napi-v${NAPI_VERSION}`, 'tfjs_binding.node');
}

/** Folder of the package inside an installation. */
export function packageFolderOf({ folder, packageName }: { folder: string; packageName: NativePackage }): string {
  return join(folder, 'node_modules', ...packageName.split('/'));
}

/** Folder of all installations. */
export function nativeFolder(cache: string = cacheFolder()): string {
  return resolve(cache, 'native');
}

/** Name of an installation's folder, such as `tfjs-node-4.22.0-tensorflow-2.21.0-linux-x64`. */
export function installationKey(of: {
  packageName: NativePackage;
  packageVersion: string;
  tensorflowVersion: string;
  platform: string;
  arch: string;
}): string {
  const name = of.packageName.slice('@tensorflow/'.length);
  return [name, of.packageVersion, 'tensorflow', of.tensorflowVersion, of.platform, of.arch].join('-');
}
