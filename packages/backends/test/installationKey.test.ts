import { describe, expect, it } from 'vitest';
import { installationKey } from '../src/native/nativePackage.js';

describe('the key of an installation', () => {
  const facts = {
    packageName: '@tensorflow/tfjs-node',
    packageVersion: '4.22.0',
    tensorflowVersion: '2.21.0',
    platform: 'linux',
    arch: 'x64',
  } as const;

  it('names everything that an addon depends on', () => {
    expect(installationKey(facts)).toBe('tfjs-node-4.22.0-tensorflow-2.21.0-linux-x64');
    const others = [
      { packageName: '@tensorflow/tfjs-node-gpu' as const },
      { packageVersion: '4.23.0' },
      { tensorflowVersion: '2.20.0' },
      { platform: 'darwin' },
      { arch: 'arm64' },
    ].map((change) => installationKey({ ...facts, ...change }));
    expect(new Set([installationKey(facts), ...others]).size).toBe(6);
  });
});
