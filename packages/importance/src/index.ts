export { areClassIndices, labelDistribution } from './labels.js';
export { lastLayerScore } from './lastLayerScore.js';
export { lossScore } from './lossScore.js';
export { outputGradient, outputGradientScore, type PerSampleLoss } from './outputGradientScore.js';
export {
  crossEntropyResidual,
  sigmoidCrossEntropyGradient,
  softmaxCrossEntropyGradient,
  squaredErrorGradient,
} from './outputGradients.js';
export { type Norm, type NormOptions, rowNorm } from './rowNorm.js';
export { sigmoidCrossEntropyScore } from './sigmoidCrossEntropyScore.js';
export { softmaxCrossEntropyScore } from './softmaxCrossEntropyScore.js';
export { squaredErrorScore } from './squaredErrorScore.js';
