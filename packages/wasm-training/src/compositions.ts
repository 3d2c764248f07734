import * as tf from '@tensorflow/tfjs';
import type { GeluAttributes } from './kernels/gelu.js';
import type { NormalizationAttributes } from './kernels/layerNorm.js';

// The kernels of our own as functions of kernels that TensorFlow.js has, and knows the gradients of.

type Tensors = Record<string, tf.Tensor>;

export function composedGelu({ x }: Tensors, attributes: tf.NamedAttrMap): tf.Tensor[] {
  if ((attributes as GeluAttributes).approximate === 'none') {
    const distribution = tf.mul(0.5, tf.add(1, tf.erf(tf.mul(x!, Math.SQRT1_2))));
    return [tf.mul(x!, distribution)];
  }
  const slope = tf.mul(2 * Math.sqrt(2 / Math.PI), tf.add(1, tf.mul(0.044715, tf.square(x!))));
  return [tf.mul(x!, tf.sigmoid(tf.mul(x!, slope)))];
}

export function composedLayerNorm(inputs: Tensors, attributes: tf.NamedAttrMap): tf.Tensor[] {
  return [normalize(inputs, [-1], attributes as NormalizationAttributes)];
}

export function composedBatchNorm(inputs: Tensors, attributes: tf.NamedAttrMap): tf.Tensor[] {
  const axes = inputs.x!.shape.slice(0, -1).map((_, axis) => axis);
  return [normalize(inputs, axes, attributes as NormalizationAttributes)];
}

export function composedLstmCell({ gates, cell }: Tensors): tf.Tensor[] {
  const [i, f, c, o] = tf.split(gates!, 4, 1) as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
  const newCell = tf.add(tf.mul(tf.sigmoid(f), cell!), tf.mul(tf.sigmoid(i), tf.tanh(c)));
  return [tf.mul(tf.sigmoid(o), tf.tanh(newCell)), newCell];
}

export function composedLstmSequence({ x, kernel }: Tensors): tf.Tensor[] {
  const [first, ...others] = tf.unstack(x!) as [tf.Tensor, ...tf.Tensor[]];
  let [hidden, cell] = composedLstmCell({ gates: first, cell: tf.zeros([first.shape[0]!, kernel!.shape[0]!]) });
  const all = [hidden!];
  for (const gates of others) {
    [hidden, cell] = composedLstmCell({ gates: tf.add(gates, tf.matMul(hidden!, kernel!)), cell: cell! });
    all.push(hidden!);
  }
  return [tf.stack(all)];
}

function normalize({ x, scale, offset }: Tensors, axes: number[], { epsilon }: NormalizationAttributes): tf.Tensor {
  const distances = tf.sub(x!, tf.mean(x!, axes, true));
  const variance = tf.mean(tf.square(distances), axes, true);
  const standardized = tf.mul(distances, tf.rsqrt(tf.add(variance, epsilon)));
  return tf.add(tf.mul(standardized, scale!), offset!);
}
