// Training kernels over the memory of TensorFlow.js's wasm backend. Every usize is a byte address in that memory.
//
// Nothing here may allocate: no `new`, no array or string literal, no closure, no mutable global. Then the compiled
// module has no data, no globals, no table, no start function and never grows the memory: it owns no byte of it.
// A test parses the module and asserts this.

export { gemm, gemmScratchBytes } from './gemm';
export { sumAxis } from './reduce';
export { extremeGradient, maxAxis, minAxis } from './extremes';
export { largestProducts, largestProductsScratchBytes } from './largestProducts';
export { copyStrided } from './copy';
export { add, gatherRows, segmentSum } from './gather';
export { crossEntropy } from './crossEntropy';
export { rowNorms } from './norms';
export { adam, momentum } from './optimizers';
export { convolve, filterGradient, stridedInputGradient, turnFilter } from './convolution';
export { depthwise, depthwiseFilterGradient, depthwiseInputGradient } from './depthwise';
export { averagePoolGradient, maxPool, maxPoolGradient } from './pooling';
export { mapCos, mapErf, mapExp, mapGelu, mapSin, mapTanh, mapTanhGelu } from './elementwise';
export { mapExpm1, mapLog, mapLog1p, mapReciprocal, mapRsqrt, mapSoftplus, mapSqrt } from './elementwise';
export { mapCube, mapPowerOfHalf, mapPowerOfMinusHalf, mapSquare } from './elementwise';
export { floatsEqual, floatsGreater, floatsGreaterEqual, floatsNotEqual } from './pairs';
export { integersEqual, integersGreater, integersGreaterEqual, integersNotEqual } from './pairs';
export { floatsMaximum, floatsMinimum, floatsPower, integersMaximum, integersMinimum } from './pairs';
export { choose } from './choose';
export { clipGradient, gradientOfCos, gradientOfErf, gradientOfRelu, gradientOfRelu6, gradientOfSigmoid } from './elementwise';
export { gradientOfGelu, gradientOfSin, gradientOfTanh, gradientOfTanhGelu } from './elementwise';
export { layerNorm, layerNormGradient } from './layerNorm';
export { batchNorm, batchNormGradient } from './batchNorm';
export { lstmCell, lstmCellGradient } from './lstm';
export { spreadAxis } from './spread';
export { fusedBatchNorm, fusedBatchNormGradient } from './fusedBatchNorm';
export { softmaxGradient } from './softmax';
