import { type KernelModule, relaxedSimd, simd } from './kernels.generated.js';

/** A WebAssembly.Memory. */
export interface WasmMemory {
  readonly buffer: ArrayBuffer | SharedArrayBuffer;
}

// The part of the global that is used here; its types come with those of the DOM, which this package does without.
declare const WebAssembly: {
  validate(bytes: Uint8Array): boolean;
  instantiate(bytes: Uint8Array, imports: { env: { memory: WasmMemory } }): Promise<{ instance: { exports: unknown } }>;
};

/** Which of the two compiled modules runs. */
export type KernelModuleVariant = 'simd' | 'relaxed-simd';

/** A module that works on one memory. */
export interface CompiledKernels {
  module: KernelModule;
  variant: KernelModuleVariant;
}

/**
 * Compiles the kernels for a memory: with relaxed SIMD where the engine has it, unless told otherwise.
 * @throws Error if the engine has no SIMD.
 */
export async function loadKernelModule(memory: WasmMemory, allowRelaxed: boolean): Promise<CompiledKernels> {
  const relaxedBytes = decodeBase64(relaxedSimd);
  const relaxed = allowRelaxed && WebAssembly.validate(relaxedBytes);
  const bytes = relaxed ? relaxedBytes : decodeBase64(simd);
  if (!WebAssembly.validate(bytes)) {
    throw new Error('This JavaScript engine has no WebAssembly SIMD; installWasmTraining needs it.');
  }
  const { instance } = await WebAssembly.instantiate(bytes, { env: { memory } });
  return { module: instance.exports as KernelModule, variant: relaxed ? 'relaxed-simd' : 'simd' };
}

function decodeBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
