export { fusedAdam } from './fusedAdam.js';
export { fusedMomentum } from './fusedMomentum.js';
export { type InstallOptions, type InstallReport, installWasmTraining } from './installWasmTraining.js';
export type { AdamStepAttributes } from './kernels/adamStep.js';
export type { MomentumStepAttributes } from './kernels/momentumStep.js';
export { type KernelName, kernelTable } from './kernelTable.js';
export type { KernelModuleVariant } from './loadKernelModule.js';
export type { RegularizationOptions } from './RegularizationOptions.js';
export type { KernelTableEntry } from './table/KernelGroup.js';
