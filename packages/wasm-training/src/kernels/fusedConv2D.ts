import { util } from '@tensorflow/tfjs';
import type { Kernel } from '../Kernel.js';
import { convolution } from './conv2D.js';
import { convolutionInfo } from './convolutionSizes.js';
import { withActivation } from './fusedActivation.js';

/** y = activation(conv(x, filter) + bias). Leaves a bias that is not one number a channel to the stock kernel, which refuses it. */
export const fusedConv2D: Kernel = (heap, inputs, attributes) => {
  const { x, filter, bias } = inputs;
  const info = convolutionInfo(x!.shape, filter!.shape, attributes);
  if (!info || (bias && util.sizeFromShape(bias.shape) !== info.outChannels)) return undefined;
  return withActivation(heap, inputs, attributes, (activation) =>
    convolution(heap, info, x!, filter!, bias, activation),
  );
};
