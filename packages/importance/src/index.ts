export { crossEntropyResidual } from './crossEntropyResidual.js';
export { areClassIndices, labelDistribution } from './labels.js';
export { lastLayerScore } from './lastLayerScore.js';
export { lossScore } from './lossScore.js';
export { outputGradient, outputGradientScore, type PerSampleLoss } from './outputGradientScore.js';
export {
  sigmoidCrossEntropyGradient,
  softmaxCrossEntropyGradient,
  squaredErrorGradient,
} from './outputGradients.js';
export { type Norm, type NormOptions, rowNorm } from './rowNorm.js';
export { sigmoidCrossEntropyScore } from './sigmoidCrossEntropyScore.js';
export { type LossWithGradient, softmaxCrossEntropy } from './softmaxCrossEntropy.js';
export { softmaxCrossEntropyScore } from './softmaxCrossEntropyScore.js';
export { squaredErrorScore } from './squaredErrorScore.js';
