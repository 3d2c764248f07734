import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Compiles the WebAssembly kernels before the tests, since their sources import the compiled module. */
export default function setup(): void {
  const directory = fileURLToPath(new URL('../../packages/wasm-training', import.meta.url));
  execFileSync(process.execPath, ['scripts/build-kernels.mjs'], { cwd: directory, stdio: 'inherit' });
}
