import type { NamedAttrMap } from '@tensorflow/tfjs';
import type { Kernel } from '../Kernel.js';
import { elementwise } from './elementwise.js';
import { elementwiseGradient } from './elementwiseGradient.js';

/** Attributes of the kernels `Gelu` and `GeluGrad`: the exact function, or the approximation by tanh. */
export type GeluAttributes = { approximate: 'none' | 'tanh' };

const kernels = { none: elementwise('mapGelu'), tanh: elementwise('mapTanhGelu') };
const gradients = {
  none: elementwiseGradient('GeluGrad', 'gradientOfGelu', 'x'),
  tanh: elementwiseGradient('GeluGrad', 'gradientOfTanhGelu', 'x'),
};

/**
 * `Gelu`: the Gaussian error linear unit, element by element.
 *
 *     approximate 'none':  y = x Φ(x) = ½ x (1 + erf(x / √2))
 *     approximate 'tanh':  y = ½ x (1 + tanh(√(2/π) (x + 0.044715 x³)))
 *
 * Input x of any shape, float32; attribute `approximate`.
 *
 * Hendrycks and Gimpel, "Gaussian Error Linear Units" (2016), section 2.
 *
 * @returns y, of the shape of x
 */
export const gelu: Kernel = (heap, inputs, attributes) => {
  const { dtype, shape } = inputs.x!;
  if (dtype !== 'float32') throw new Error(`Gelu takes a float32 x, not ${dtype} [${shape}].`);
  return kernels[approximation('Gelu', attributes)](heap, inputs, attributes);
};

/**
 * `GeluGrad`: dx = dy · y′(x) for y of `Gelu`, element by element.
 *
 * Inputs dy and x of one shape, float32; attribute `approximate`.
 *
 * @returns dx, of the shape of x
 */
export const geluGrad: Kernel = (heap, inputs, attributes) =>
  gradients[approximation('GeluGrad', attributes)](heap, inputs, attributes);

function approximation(kernel: string, { approximate }: NamedAttrMap): GeluAttributes['approximate'] {
  if (approximate === 'none' || approximate === 'tanh') return approximate as GeluAttributes['approximate'];
  throw new Error(`${kernel} got approximate: ${JSON.stringify(approximate)}; it is 'none' or 'tanh'.`);
}
