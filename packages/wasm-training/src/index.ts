export { fusedAdam } from './fusedAdam.js';
export { fusedMomentum } from './fusedMomentum.js';
export { type InstallOptions, type InstallReport, installWasmTraining } from './installWasmTraining.js';
export type { KernelModuleVariant } from './KernelModule.js';
export type { AdamStepAttributes } from './kernels/adamStep.js';
export type { MomentumStepAttributes } from './kernels/momentumStep.js';
export { type KernelName, type KernelTableEntry, kernelTable } from './kernelTable.js';
