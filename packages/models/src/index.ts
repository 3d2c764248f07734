export type { Activation } from './initializers.js';
export { type MlpOptions, mlp } from './mlp.js';
export { type SmallCnnOptions, smallCnn } from './smallCnn.js';
