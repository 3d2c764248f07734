import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const tfjs = '@tensorflow/tfjs';
const tfjsWasm = '@tensorflow/tfjs-backend-wasm';

/** What each package may depend on and import: the rooms of the house and the only arrows between them. */
const arrows = {
  backends: [
    '@gradis/wasm-training',
    tfjs,
    tfjsWasm,
    '@tensorflow/tfjs-backend-webgpu',
    '@tensorflow/tfjs-node',
    '@tensorflow/tfjs-node-gpu',
    'webgpu',
  ],
  samplers: [],
  metrics: [],
  datasets: ['@gradis/samplers', 'fast-png'], // its seeded random generator
  importance: [tfjs],
  models: [tfjs],
  'wasm-training': [tfjs, tfjsWasm],
  training: ['@gradis/samplers', '@gradis/metrics'],
  tfjs: ['@gradis/training', '@gradis/importance', '@gradis/samplers', tfjs],
};

/**
 * Everything that a package in `packages/` depends on or imports without an arrow to it. Apps may use every package.
 *
 * @param {string} root folder of the repository
 * @returns {string[]} one sentence for each violation
 */
export function arrowViolations(root) {
  return readdirSync(join(root, 'packages')).flatMap((name) => {
    const allowed = arrows[name];
    if (!allowed)
      return [`packages/${name} has no arrows yet: say in tooling/checks/arrowViolations.mjs what it may use.`];
    const may = `@gradis/${name} may use ${allowed.join(', ') || 'no other package at all'}.`;
    return [...dependencies(root, name), ...imports(root, name)]
      .filter(({ target }) => !allowed.includes(target))
      .map(({ where, target }) => `${where} → ${target}: ${may}`);
  });
}

function dependencies(root, name) {
  const where = `packages/${name}/package.json`;
  const manifest = JSON.parse(readFileSync(join(root, where), 'utf8'));
  return ['dependencies', 'peerDependencies', 'optionalDependencies']
    .flatMap((kind) => Object.keys(manifest[kind] ?? {}))
    .map((target) => ({ where, target }));
}

/** The packages that the sources import or re-export, statically or not. */
function imports(root, name) {
  const folder = `packages/${name}/src`;
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => {
      const text = readFileSync(join(root, folder, file), 'utf8');
      return ts.preProcessFile(text).importedFiles.map(({ fileName, pos }) => ({
        where: `${folder}/${file.replaceAll('\\', '/')}:${text.slice(0, pos).split('\n').length}`,
        target: packageOf(fileName, file),
      }));
    })
    .filter(({ target }) => target !== undefined);
}

/** The package of an import, the path itself if it leaves the `src` folder, or undefined for what needs no arrow. */
function packageOf(specifier, importer) {
  if (specifier.startsWith('node:')) return undefined;
  if (!specifier.startsWith('.')) return /^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0];
  return join(importer, '..', specifier).startsWith('..') ? specifier : undefined;
}
