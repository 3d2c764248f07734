import { type TensorInfo, util } from '@tensorflow/tfjs';
import { type Elementwise, ElementwiseProgram } from './ElementwiseProgram.js';
import type { Webgpu } from './WebgpuKernel.js';

/** Runs an elementwise program on tensors of one shape, whatever it is. */
export function computeElementwise(
  webgpu: Webgpu,
  elementwise: Elementwise,
  inputs: TensorInfo[],
  numbers: number[],
): TensorInfo {
  const { shape } = inputs[0]!;
  const length = util.sizeFromShape(shape);
  const program = new ElementwiseProgram(webgpu.util, elementwise, length);
  const vectors = inputs.map((input) => ({ ...input, shape: [length] }));
  const uniforms = numbers.map((value) => ({ type: 'float32', data: [value] }));
  return { ...webgpu.backend.runWebGPUProgram(program, vectors, 'float32', uniforms), shape };
}
