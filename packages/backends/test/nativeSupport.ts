import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { type NativeInstallation, writeInstallation } from '../src/native/NativeInstallation.js';
import { addonOf, installationKey, nativeFolder, packageFolderOf } from '../src/native/nativePackage.js';
import { libraryNames } from '../src/native/TensorflowLibrary.js';

/** Folders of this file's tests, removed by `removeFolders`. */
const folders: string[] = [];

/** An empty folder. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gradis-native-'));
  folders.push(folder);
  return folder;
}

/** Removes all folders that `newFolder` has made. */
export function removeFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** Writes files, with the folders above them; a script, which starts with `#!`, can be run. */
export function writeFiles(folder: string, files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    if (text.startsWith('#!')) chmodSync(file, 0o755);
  }
}

/** Every path in a folder, sorted. */
export function contents(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort() : [];
}

/** Whether a program can be run. */
export function runs(file: string, ...args: string[]): boolean {
  return spawnSync(file, args, { stdio: 'ignore' }).status === 0;
}

/** A folder as pip makes it, in which every file that an addon needs exists and is empty. */
export function emptyTensorflow({ version = '2.99.0', isCudaBuild = false, without = '' } = {}): string {
  const site = newFolder();
  const headers = ['c/c_api.h', 'c/eager/c_api.h', 'core/platform/ctstring_internal.h'];
  const files = [...libraryNames(), ...headers.map((header) => `include/tensorflow/${header}`)].filter(
    (file) => !file.includes(without || '\0'),
  );
  writeFiles(join(site, 'tensorflow'), Object.fromEntries(files.map((file) => [file, ''])));
  writeFiles(site, {
    [`tensorflow_cpu-${version}.dist-info/METADATA`]: '',
    // Beside it, as always, another package whose name begins in the same way.
    'tensorflow_estimator-2.1.0.dist-info/METADATA': '',
    'tensorflow/python/platform/build_info.py': `build_info = OrderedDict([('is_cuda_build', ${isCudaBuild ? 'True' : 'False'})])`,
  });
  return join(site, 'tensorflow');
}

/** A Python that says what `findPython` asks for, and can do nothing else. */
export function pythonWith({ tensorflow, hasVenv = true }: { tensorflow?: string; hasVenv?: boolean } = {}): string {
  const file = join(newFolder(), 'python');
  const answer = { executable: file, version: '3.12', hasVenv, tensorflow: tensorflow ?? null };
  writeFiles(dirname(file), { python: `#!/bin/sh\necho '${JSON.stringify(answer)}'\n` });
  return file;
}

/** Another copy of TensorFlow.js, which nobody should get to load. */
export const OTHER_TFJS = { 'index.js': "throw new Error('a second TensorFlow.js')" };

/** What a package does that works as native TensorFlow of version 2.99.0 does. */
export const WORKING_PACKAGE = `
const tf = require(${JSON.stringify(join(import.meta.dirname, '../node_modules/@tensorflow/tfjs'))});
Object.assign(tf.backend(), { binding: { TF_Version: '2.99.0' }, isUsingGpuDevice: false });
module.exports = tf;
`;

/** What lies in a cache after `installNative`, with an addon and a package that are made up. */
export function installed(
  cache: string,
  { addon = 'an addon', index = '', ...changes }: Partial<NativeInstallation> & { addon?: string; index?: string } = {},
): Promise<NativeInstallation> {
  const facts: Omit<NativeInstallation, 'folder' | 'tensorflowFolder' | 'addonBytes'> = {
    packageName: '@tensorflow/tfjs-node',
    packageVersion: tf.version.tfjs,
    tensorflowVersion: '2.99.0',
    isCudaBuild: false,
    platform: process.platform,
    arch: process.arch,
    installedAt: '2030-01-01T00:00:00.000Z',
    links: [],
    ...changes,
  };
  const folder = changes.folder ?? join(nativeFolder(cache), installationKey(facts));
  const packageFolder = packageFolderOf({ folder, packageName: facts.packageName });
  writeFiles(packageFolder, { 'package.json': JSON.stringify({ version: facts.packageVersion }), 'index.js': index });
  writeFiles(join(packageFolder, '..', 'tfjs'), OTHER_TFJS);
  writeFiles(dirname(addonOf(packageFolder)), { 'tfjs_binding.node': addon });
  const tensorflowFolder = changes.tensorflowFolder ?? emptyTensorflow();
  const installation = { ...facts, folder, tensorflowFolder, addonBytes: changes.addonBytes ?? addon.length };
  return writeInstallation(installation).then(() => installation);
}

/** A registry of npm on this machine. */
export interface LocalRegistry {
  url: string;
  close(): Promise<void>;
}

/** Serves packages, given as name, version and files, as npm's registry does. */
export async function localRegistry(
  packages: readonly { name: string; version: string; files: Record<string, string> }[],
): Promise<LocalRegistry> {
  const archives = packages.map(({ name, version, files }) => {
    const folder = newFolder();
    writeFiles(join(folder, 'package'), { 'package.json': JSON.stringify({ name, version }), ...files });
    execFileSync('tar', ['-czf', 'archive.tgz', 'package'], { cwd: folder });
    return readFileSync(join(folder, 'archive.tgz'));
  });
  const server: Server = createServer(({ url = '' }, response) => {
    const path = decodeURIComponent(url).slice(1);
    const i = packages.findIndex(({ name }) => path === name || path === `${name}.tgz`);
    const { name, version } = packages[i] ?? { name: '', version: '' };
    if (i < 0) return response.writeHead(404).end('{}');
    const archive = archives[i]!;
    if (path.endsWith('.tgz')) return response.end(archive);
    const integrity = `sha512-${createHash('sha512').update(archive).digest('base64')}`;
    const dist = { tarball: `${address()}/${name}.tgz`, integrity };
    const versions = { [version]: { name, version, dist } };
    return response.end(JSON.stringify({ name, 'dist-tags': { latest: version }, versions }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: address(), close: () => new Promise((resolve) => server.close(() => resolve())) };

  function address(): string {
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
}
