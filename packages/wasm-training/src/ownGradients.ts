import {
  composedBatchNorm,
  composedGelu,
  composedLayerNorm,
  composedLstmCell,
  composedLstmSequence,
} from './compositions.js';
import type { OwnGradient } from './OwnGradient.js';

/** The kernels of `kernelTable` that TensorFlow.js does not know but that layers are made of, with their gradients. */
export const ownGradients: Record<string, OwnGradient> = {
  Gelu: {
    kernel: 'GeluGrad',
    inputs: ['x'],
    savedInputs: ['x'],
    savedOutputs: [],
    outputGradients: ['dy'],
    composed: composedGelu,
  },
  LayerNorm: {
    kernel: 'LayerNormGrad',
    inputs: ['x', 'scale', 'offset'],
    savedInputs: ['x', 'scale'],
    savedOutputs: [undefined, 'mean', 'inverseDeviation'],
    outputGradients: ['dy'],
    composed: composedLayerNorm,
  },
  BatchNorm: {
    kernel: 'BatchNormGrad',
    inputs: ['x', 'scale', 'offset'],
    savedInputs: ['x', 'scale'],
    savedOutputs: [undefined, 'mean', 'variance'],
    outputGradients: ['dy'],
    composed: composedBatchNorm,
  },
  LstmCell: {
    kernel: 'LstmCellGrad',
    inputs: ['gates', 'cell'],
    savedInputs: ['cell'],
    savedOutputs: [undefined, 'newCell', 'activations'],
    outputGradients: ['dh', 'dNewCell'],
    composed: composedLstmCell,
  },
  LstmSequence: {
    kernel: 'LstmSequenceGrad',
    inputs: ['x', 'kernel'],
    savedInputs: ['kernel'],
    savedOutputs: ['hidden', 'cells', 'activations'],
    outputGradients: ['dh'],
    composed: composedLstmSequence,
  },
};
