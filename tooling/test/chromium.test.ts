import { afterEach, describe, expect, test, vi } from 'vitest';
import { findChromium, softwareVulkan } from '../setup/chromium.mjs';
import { temporaryFolder } from './temporaryFolder.js';

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('Chromium', () => {
  test('is the one that CHROMIUM_PATH names', () => {
    const folder = temporaryFolder({ program: '' });
    vi.stubEnv('CHROMIUM_PATH', `${folder}/program`);
    expect(findChromium()).toBe(`${folder}/program`);
  });

  test('is not silently another one if CHROMIUM_PATH is wrong', () => {
    vi.stubEnv('CHROMIUM_PATH', '/nowhere/chromium');
    expect(findChromium).toThrow('CHROMIUM_PATH is /nowhere/chromium, which does not exist');
  });
});

describe.skipIf(process.platform !== 'linux')('SwiftShader', () => {
  test('is the one beside Chromium, with its libraries before those of the caller', () => {
    const folder = temporaryFolder({ program: '', 'vk_swiftshader_icd.json': {} });
    vi.stubEnv('CHROMIUM_PATH', `${folder}/program`);
    vi.stubEnv('VK_ICD_FILENAMES', undefined);
    vi.stubEnv('LD_LIBRARY_PATH', '/given');
    expect(softwareVulkan()).toEqual({
      VK_ICD_FILENAMES: `${folder}/vk_swiftshader_icd.json`,
      LD_LIBRARY_PATH: `${folder}:${folder}/lib:/given`,
    });
  });

  test('leaves a driver alone that the caller names', () => {
    vi.stubEnv('VK_ICD_FILENAMES', '/given.json');
    expect(softwareVulkan()).toEqual({});
  });
});
