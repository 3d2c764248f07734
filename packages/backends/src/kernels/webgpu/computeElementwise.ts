import { type TensorInfo, util } from '@tensorflow/tfjs';
import { type Elementwise, ElementwiseProgram } from './ElementwiseProgram.js';
import type { Webgpu } from './WebgpuKernel.js';

/**
 * Runs an elementwise program on tensors of one shape, whatever it is.
 *
 * @throws Error if their shapes differ
 */
export function computeElementwise(
  webgpu: Webgpu,
  elementwise: Elementwise,
  inputs: TensorInfo[],
  numbers: number[],
): TensorInfo {
  const { shape } = inputs[0]!;
  for (const input of inputs) util.assertShapesMatch(input.shape, shape, `${elementwise.key}: `);
  const length = util.sizeFromShape(shape);
  const program = new ElementwiseProgram(webgpu.util, elementwise, length);
  const vectors = inputs.map((input) => ({ ...input, shape: [length] }));
  const uniforms = numbers.map((value) => ({ type: 'float32', data: [value] }));
  return { ...webgpu.backend.runWebGPUProgram(program, vectors, 'float32', uniforms), shape };
}
