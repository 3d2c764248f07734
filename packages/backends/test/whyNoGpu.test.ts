import { describe, expect, it } from 'vitest';
import { whyNoGpu } from '../src/native/whyNoGpu.js';

describe('why there is no GPU', () => {
  it('is read from what TensorFlow writes', () => {
    expect(whyNoGpu("Could not load dynamic library 'libcudnn.so.9'; dlerror: …")).toMatch(
      /^the CUDA library libcudnn\.so\.9 is missing; pip install/,
    );
    expect(whyNoGpu('Cannot dlopen some GPU libraries. Skipping registering GPU devices...')).toMatch(
      /^CUDA libraries are missing; pip install/,
    );
    expect(whyNoGpu('failed call to cuInit: UNKNOWN ERROR (303)')).toMatch(/^it finds no GPU; install the driver/);
  });
});
