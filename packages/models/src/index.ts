export type { Activation } from './initializers.js';
export { type MlpOptions, mlp } from './mlp.js';
export { type ResNet18Options, resnet18 } from './resnet18.js';
export { type SmallCnnOptions, smallCnn } from './smallCnn.js';
export { type VisionTransformerOptions, visionTransformer } from './visionTransformer.js';
