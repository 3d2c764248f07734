import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { basename, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { type Browser, chromium } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findChromium } from '../setup/chromium.mjs';

/** As strict as a page with WebAssembly can be: nothing but its own files, and no code from text. */
const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; worker-src 'self'";

const executablePath = findChromium();
const wasmFolder = dirname(
  createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm'),
);

describe.skipIf(!executablePath)('training on wasm in a browser under a strict content security policy', () => {
  let server: Server;
  let browser: Browser;
  let address: string;

  beforeAll(async () => {
    const pages = fileURLToPath(new URL('pages/', import.meta.url));
    const { outputFiles } = await build({
      entryPoints: [`${pages}page.ts`, `${pages}worker.ts`],
      bundle: true,
      format: 'esm',
      platform: 'browser',
      outdir: '/',
      write: false,
      logLevel: 'silent',
    });
    const scripts = new Map(outputFiles.map(({ path, text }) => [`/${basename(path)}`, text]));
    server = createServer(({ url = '/' }, response) => {
      response.setHeader('Content-Security-Policy', POLICY);
      const script = scripts.get(url);
      if (url === '/')
        response.setHeader('Content-Type', 'text/html').end('<script type="module" src="/page.js"></script>');
      else if (script) response.setHeader('Content-Type', 'text/javascript').end(script);
      else if (url.startsWith('/wasm/')) {
        response.setHeader('Content-Type', 'application/wasm').end(readFileSync(`${wasmFolder}/${basename(url)}`));
      } else response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    browser = await chromium.launch({ executablePath });
  });

  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  test.each(['train', 'trainInWorker'] as const)('%s', async (name) => {
    const page = await browser.newPage();
    const violations: string[] = [];
    page.on('console', (message) => {
      if (message.text().includes('Content Security Policy')) violations.push(message.text());
    });
    await page.goto(address);
    await page.waitForFunction((name) => name in globalThis, name);
    const result = (await page.evaluate(`${name}()`)) as Record<'backend' | 'variant' | 'first' | 'last', unknown>;
    expect(result).toMatchObject({ backend: 'wasm', variant: expect.stringMatching(/^(relaxed-)?simd$/) });
    expect(result.last).toBeLessThan((result.first as number) / 2);
    expect(violations).toEqual([]);
    await page.close();
  });
});
