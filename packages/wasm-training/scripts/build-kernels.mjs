// Compiles assembly/*.ts twice, with plain and with relaxed SIMD, into src/kernels.generated.ts, with the types of the
// exported functions.
// Does nothing when that file was made from the present sources. Several processes may run it at once.

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const target = `${root}src/kernels.generated.ts`;

const variants = {
  simd: ['--use', 'RELAXED=0'],
  relaxedSimd: ['--use', 'RELAXED=1', '--enable', 'relaxed-simd'],
};
const flags = [
  '-O3',
  ...['--bindings', 'raw'],
  '--noAssert',
  ...['--runtime', 'stub'],
  ...['--use', 'abort='],
  ...['--enable', 'simd'],
  ...['--enable', 'bulk-memory'],
  ...['--importMemory', '--noExportMemory', '--initialMemory', '1'],
];

const sources = readSources();
const header = `// Made by scripts/build-kernels.mjs; sources ${hash(sources)}.\n`;
if (!existsSync(target) || !readFileSync(target, 'utf8').startsWith(header)) {
  let text = header;
  let types;
  for (const [name, variantFlags] of Object.entries(variants)) {
    const { module, declarations } = await compile(variantFlags);
    text += `export const ${name} =\n  '${Buffer.from(module).toString('base64')}';\n`;
    types = interfaceOf(declarations);
  }
  text += types;
  const temporary = `${target}.${process.pid}.tmp`;
  writeFileSync(temporary, text);
  renameSync(temporary, target);
}

/** All files of assembly/, by name, with line ends that do not depend on the checkout. */
function readSources() {
  const names = readdirSync(`${root}assembly`).filter((name) => name.endsWith('.ts'));
  const read = (name) => readFileSync(`${root}assembly/${name}`, 'utf8').replaceAll('\r\n', '\n');
  return Object.fromEntries(names.sort().map((name) => [name, read(name)]));
}

function hash(files) {
  const compiler = readFileSync(`${root}package.json`, 'utf8').match(/"assemblyscript": "(.*)"/)[1];
  const script = readFileSync(fileURLToPath(import.meta.url), 'utf8').replaceAll('\r\n', '\n');
  return createHash('sha256')
    .update(JSON.stringify([compiler, script, files]))
    .digest('hex');
}

/** Compiles in memory: reads `sources`, returns the bytes of the module and the types of its exports. */
async function compile(variantFlags) {
  const { default: asc } = await import('assemblyscript/asc');
  const outputs = {};
  const { error, stderr } = await asc.main(['index.ts', '--outFile', 'kernels.wasm', ...flags, ...variantFlags], {
    readFile: (name) => sources[name] ?? null,
    writeFile: (name, contents) => {
      outputs[name] = contents;
    },
    listFiles: () => [],
  });
  if (error) throw new Error(`The kernels do not compile: ${error.message}\n${stderr}`);
  return { module: await splatConstants(outputs['kernels.wasm']), declarations: outputs['kernels.d.ts'] };
}

/**
 * Writes vector constants of equal lanes as splats of one number, which is what they were before the optimiser: 14 bytes less
 * each, and with the V8 of Node 24 polynomials take up to 1.6 times less time.
 */
async function splatConstants(bytes) {
  const { default: binaryen } = await import('assemblyscript/binaryen');
  const optimized = binaryen.readBinary(bytes);
  const text = optimized
    .emitText()
    .replace(/\(v128\.const i32x4 (0x0*[1-9a-f][0-9a-f]*) \1 \1 \1\)/g, '(i32x4.splat (i32.const $1))');
  const module = binaryen.parseText(text);
  module.setFeatures(binaryen.Features.All);
  return module.emitBinary();
}

/** The exported functions as the methods of an interface. */
function interfaceOf(declarations) {
  const functions = Array.from(declarations.matchAll(/export function (.*;)/g), ([, signature]) => `  ${signature}\n`);
  return (
    '\n/** The functions of the compiled kernels; assembly/ says what they do. Addresses are bytes, distances elements. */\n' +
    `export interface KernelModule {\n${functions.join('')}}\n`
  );
}
