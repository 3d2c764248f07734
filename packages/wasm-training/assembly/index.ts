// Training kernels over the memory of TensorFlow.js's wasm backend. Every usize is a byte address in that memory.
//
// Nothing here may allocate: no `new`, no array or string literal, no closure, no mutable global. Then the compiled
// module has no data, no globals, no table, no start function and never grows the memory: it owns no byte of it.
// A test parses the module and asserts this.

export { gemm, gemmScratchBytes } from './gemm';
export { sumAxis } from './reduce';
export { copyRows } from './copy';
export { crossEntropy } from './crossEntropy';
export { rowNorms } from './norms';
export { adam, momentum } from './optimizers';
export { convolve, filterGradient, stridedInputGradient, turnFilter } from './convolution';
export { maxPoolGradient } from './pooling';
