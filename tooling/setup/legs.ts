import type { BackendName } from '@gradis/backends';
import { findChromium } from './chromium.mjs';

/** One run of suites on one backend. */
export interface Leg {
  name: string;
  backend: BackendName;
  isInBrowser?: boolean;
  /** What runs, if not the suites that run on every backend. */
  suites?: string[];
  /** Whether its tests fail where it cannot run; else they are skipped, but for native TensorFlow that is installed. */
  isRequired: boolean;
  /** Why it cannot run, where that is known beforehand. */
  missing?: string;
}

/** What Node tests with everything else: the kernels of @gradis/wasm-training, and the choice of a backend. */
const forBrowsers = ['packages/wasm-training/test/kernels/*.test.ts', 'packages/backends/test/browser.test.ts'];

const all: Omit<Leg, 'isRequired' | 'missing'>[] = [
  { name: 'cpu', backend: 'cpu' },
  { name: 'wasm', backend: 'wasm' },
  { name: 'webgpu', backend: 'webgpu' },
  { name: 'node', backend: 'node' },
  { name: 'chromium', backend: 'webgpu', isInBrowser: true },
  { name: 'chromium-wasm', backend: 'wasm', isInBrowser: true, suites: forBrowsers },
];

/**
 * The legs by the names in `GRADIS_TEST_BACKENDS`, separated by commas, which then must run; without it all, of which those
 * that cannot run here are skipped.
 */
export function testLegs(): Leg[] {
  const names = process.env.GRADIS_TEST_BACKENDS?.split(',');
  const unknown = names?.find((name) => !all.some((leg) => leg.name === name));
  if (unknown !== undefined) {
    const known = all.map(({ name }) => name).join(', ');
    throw new Error(`GRADIS_TEST_BACKENDS names '${unknown}'; it must be some of ${known}.`);
  }
  const noChromium = 'there is no Chromium; install one, or set CHROMIUM_PATH.';
  return all
    .filter(({ name }) => names?.includes(name) ?? true)
    .map((leg) => ({
      ...leg,
      isRequired: names !== undefined,
      missing: leg.isInBrowser && !findChromium() ? noChromium : undefined,
    }));
}
