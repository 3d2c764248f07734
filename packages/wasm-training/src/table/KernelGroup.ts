import type { Kernel } from '../Kernel.js';

/** A kernel that `installWasmTraining` replaces or adds, and why. */
export interface KernelTableEntry {
  /** What the wasm backend does by itself. */
  readonly stock: string;
  /** What it does afterwards. */
  readonly ours: string;
  /** What that is good for. */
  readonly why: string;
}

/** Some kernels by name, with the functions that run. */
export type KernelGroup = Record<string, KernelTableEntry & { run: Kernel }>;
