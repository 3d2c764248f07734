import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';

/** A package in a project. */
export interface ProjectPackage {
  folder: string;
  version: string;
}

/** The package that a project would get if it required it. */
export async function projectPackage(name: string, projectFolder: string): Promise<ProjectPackage | undefined> {
  try {
    const manifest = createRequire(resolve(projectFolder, 'index.js')).resolve(`${name}/package.json`);
    const { version } = JSON.parse(await readFile(manifest, 'utf8')) as { version: string };
    return { folder: dirname(manifest), version };
  } catch {
    return undefined;
  }
}
