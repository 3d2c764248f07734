import { describe, expect, it } from 'vitest';
import { useBackend } from '../src/browser.js';

// In Chromium, whose only adapter here is SwiftShader, and in Node, where the same entry finds no WebGPU.
const { navigator } = globalThis as { navigator?: { gpu?: GPU } };
const hasWebgpu = navigator?.gpu !== undefined;

describe('auto in a browser', () => {
  it('takes wasm rather than an adapter that is software', async () => {
    const { backend, passedOver } = await useBackend();
    expect(backend).toBe('wasm');
    const webgpu = passedOver.find((passed) => passed.backend === 'webgpu');
    expect(webgpu?.reason).toMatch(hasWebgpu ? /^the only adapter, .*swiftshader.*, is software/i : /no WebGPU here/);
  });

  it.runIf(hasWebgpu)('takes it where it is asked for, and says what it is', async () => {
    expect(await useBackend('webgpu')).toMatchObject({ backend: 'webgpu', isSoftware: true });
  });
});
