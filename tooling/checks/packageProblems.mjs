import { checkPackage } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';

const required = ['README.md', 'LICENSE', 'package.json'];
const development = /^(src|test|scripts|assembly)\/|\.(test|config)\.|tsconfig|tsbuildinfo/;

/**
 * What a user would trip over in a packed package: publint (strict), arethetypeswrong, files that are missing or do not
 * belong there, and ranges that only this workspace understands.
 *
 * @param {import('@arethetypeswrong/core').Package} pkg the content of the tarball
 * @returns {Promise<string[]>} one sentence for each problem
 */
export async function packageProblems(pkg) {
  const root = `/node_modules/${pkg.packageName}`;
  const paths = pkg.listFiles().map((path) => path.slice(root.length + 1));
  const manifest = JSON.parse(pkg.readFile(`${root}/package.json`));
  const problems = [
    ...required.filter((file) => !paths.includes(file)).map((file) => `${file} is missing.`),
    ...paths.filter((path) => development.test(path)).map((path) => `${path} is for development only.`),
    ...workspaceRanges(manifest),
    ...(await publintProblems(pkg, root, manifest)),
    ...(await typeProblems(pkg)),
  ];
  return problems.map((problem) => `${pkg.packageName}: ${problem}`);
}

function workspaceRanges(manifest) {
  return ['dependencies', 'peerDependencies', 'optionalDependencies', 'devDependencies']
    .flatMap((kind) => Object.entries(manifest[kind] ?? {}))
    .filter(([, range]) => /^(workspace|catalog|file|link):/.test(range))
    .map(([name, range]) => `${name} has the range ${range}, which nobody else can install.`);
}

async function publintProblems(pkg, root, manifest) {
  const files = pkg.listFiles().map((name) => ({ name, data: new TextEncoder().encode(pkg.readFile(name)) }));
  const { messages } = await publint({ pkgDir: root, strict: true, pack: { files } });
  return messages.map((message) => `publint ${message.type}: ${formatMessage(message, manifest, { color: false })}`);
}

async function typeProblems(pkg) {
  const result = await checkPackage(pkg);
  if (!result.types) return [];
  return result.problems.map(({ kind, ...details }) => `arethetypeswrong: ${kind} ${JSON.stringify(details)}`);
}
