import { activations } from './table/activations.js';
import { arithmetic } from './table/arithmetic.js';
import { convolutions } from './table/convolutions.js';
import { gradients } from './table/gradients.js';
import type { KernelTableEntry } from './table/KernelGroup.js';
import { layout } from './table/layout.js';
import { losses } from './table/losses.js';
import { normalization } from './table/normalization.js';
import { optimizers } from './table/optimizers.js';
import { pooling } from './table/pooling.js';
import { products } from './table/products.js';
import { recurrent } from './table/recurrent.js';
import { reductions } from './table/reductions.js';

/** The table with the functions that run. */
export const kernels = {
  ...products,
  ...convolutions,
  ...pooling,
  ...layout,
  ...reductions,
  ...arithmetic,
  ...activations,
  ...normalization,
  ...recurrent,
  ...gradients,
  ...losses,
  ...optimizers,
};

/** Names of the kernels that `installWasmTraining` replaces or adds. */
export type KernelName = keyof typeof kernels;

/** The names in the order of the table. */
export const kernelNames = Object.keys(kernels) as KernelName[];

/** For each kernel of the wasm backend: what it is by itself, what it becomes, and why. */
export const kernelTable: Readonly<Record<KernelName, KernelTableEntry>> = kernels;
