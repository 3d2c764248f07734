import { relaxedSimd, simd } from './kernels.generated.js';

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

/** The functions of the compiled kernels (assembly/index.ts). Addresses are bytes, distances are elements. */
export interface KernelModule {
  /** C = activation(A · B + bias) or C += A · B; the scratch memory has `gemmScratchBytes()`. */
  gemm(
    a: number,
    aRow: number,
    aColumn: number,
    b: number,
    bRow: number,
    bColumn: number,
    c: number,
    cRow: number,
    m: number,
    n: number,
    k: number,
    bias: number,
    activation: number,
    accumulate: number,
    scratch: number,
  ): void;
  gemmScratchBytes(): number;
  /** out[outer, inner] = scale · Σ over the middle axis of x[outer, length, inner] */
  sumAxis(x: number, out: number, outer: number, length: number, inner: number, scale: number): void;
  /** Rows that lie `stride` bytes apart become adjacent. */
  copyRows(source: number, target: number, rows: number, rowBytes: number, stride: number): void;
  /** Patches under the filter, one row for each output pixel of the given rows. */
  imageToPatches(
    image: number,
    patches: number,
    height: number,
    width: number,
    channels: number,
    filterHeight: number,
    filterWidth: number,
    strideY: number,
    strideX: number,
    top: number,
    left: number,
    firstRow: number,
    endRow: number,
    outWidth: number,
  ): void;
  /** The reverse of `imageToPatches`, adding. */
  addPatchesToImage(
    patches: number,
    image: number,
    height: number,
    width: number,
    channels: number,
    filterHeight: number,
    filterWidth: number,
    strideY: number,
    strideX: number,
    top: number,
    left: number,
    firstRow: number,
    endRow: number,
    outWidth: number,
  ): void;
  /** Adds each dy to the first largest element under its window. */
  maxPoolGradient(
    image: number,
    dy: number,
    dx: number,
    height: number,
    width: number,
    channels: number,
    filterHeight: number,
    filterWidth: number,
    strideY: number,
    strideX: number,
    top: number,
    left: number,
    outHeight: number,
    outWidth: number,
  ): void;
  /** δ = softmax(z) − onehot(y); leaves Σ exp(z − max) and z_y − max of each row in `parts`. */
  crossEntropy(logits: number, labels: number, parts: number, gradient: number, rows: number, columns: number): void;
  /** w' = w − rate · m' / (√(scale · v') + ε) */
  adam(
    w: number,
    g: number,
    m: number,
    v: number,
    newW: number,
    newM: number,
    newV: number,
    count: number,
    beta1: number,
    rest1: number,
    beta2: number,
    rest2: number,
    rate: number,
    scale: number,
    epsilon: number,
  ): void;
  /** a' = μ a + g, w' = w − rate · a' */
  momentum(
    w: number,
    g: number,
    a: number,
    newW: number,
    newA: number,
    count: number,
    rate: number,
    mu: number,
    nesterov: number,
  ): void;
}

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
