import * as tf from '@tensorflow/tfjs';
import { lossName } from './lossName.js';
import { type Tensors, unwrap } from './tensors.js';

/** Values of one input or output: a tensor, a nested array, or flat values in the order of the model's shape. */
export type FitArray = tf.Tensor | tf.TensorLike;

/** Values of all inputs or outputs: of the only one, in a list, or by name. */
export type FitData = FitArray | FitArray[] | { [name: string]: FitArray };

/** Data in the form the model wants, and how to let go of what was made for that. */
export interface FitTensors {
  x: Tensors;
  y: Tensors;
  /** Frees the tensors that are not the caller's. */
  dispose(): void;
}

/**
 * Turns whatever the caller has into tensors that fit the compiled model: targets of rank 1 become columns, class
 * indices become one-hot rows where the loss is `categoricalCrossentropy`, and the other way round where it is sparse.
 *
 * @throws if an input or output is missing, its shape does not fit the model, or a class index does not exist
 */
export async function toFitTensors(model: tf.LayersModel, x: FitData, y: FitData): Promise<FitTensors> {
  const given = new Set([...tensorsIn(x), ...tensorsIn(y)]);
  const { inputs, targets } = tf.tidy(() => {
    const inputs = listByName(x, model.inputNames, 'x').map((values, i) => {
      const tensor = toTensor(values, model.inputs[i].shape);
      assertShape(`x for input "${model.inputNames[i]}"`, tensor, model.inputs[i].shape);
      return tensor;
    });
    const targets = listByName(y, model.outputNames, 'y').map((values, i) => {
      const shape = model.outputs[i].shape;
      const loss = lossName(model, i);
      const tensor = toTensor(values, loss?.startsWith('sparse') ? [null, 1] : shape);
      const target = targetFor(loss, tensor, shape);
      if (!loss?.startsWith('sparse')) assertShape(`y for output "${model.outputNames[i]}"`, target.tensor, shape);
      return target;
    });
    return { inputs, targets };
  });
  const tensors = targets.map(({ tensor }) => tensor);
  const mine = [...inputs, ...tensors].filter((tensor) => !given.has(tensor));
  const dispose = () => tf.dispose(mine);
  try {
    await Promise.all(targets.map(assertClasses));
  } catch (error) {
    dispose();
    throw error;
  }
  return { x: unwrap(inputs), y: unwrap(tensors), dispose };
}

/** Targets as the model wants them. */
type Target = {
  tensor: tf.Tensor;
  /** The lowest and the highest class index, if they came as class indices. */
  range?: tf.Tensor;
  classes: number;
};

function targetFor(loss: string | undefined, target: tf.Tensor, outputShape: tf.Shape): Target {
  const classes = outputShape[outputShape.length - 1] ?? 1;
  const columns = target.shape[target.rank - 1];
  if (loss === 'categoricalCrossentropy' && classes > 1 && columns === 1) {
    const tensor = tf.oneHot(tf.squeeze(target, [target.rank - 1]).toInt(), classes).toFloat();
    return { tensor, range: rangeOf(target), classes };
  }
  if (loss === 'sparseCategoricalCrossentropy') {
    // TF.js rounds these targets down before use, which it can do with float32 only.
    const isDistribution = classes > 1 && columns === classes && target.rank === outputShape.length;
    if (isDistribution) return { tensor: tf.expandDims(tf.argMax(target, -1), -1).toFloat(), classes };
    return { tensor: target.toFloat(), range: rangeOf(target), classes };
  }
  return { tensor: target, classes };
}

function rangeOf(indices: tf.Tensor): tf.Tensor | undefined {
  return indices.size > 0 ? tf.stack([tf.min(indices), tf.max(indices)]) : undefined;
}

/** TF.js would train without a word on class indices that do not exist. */
async function assertClasses({ range, classes }: Target): Promise<void> {
  if (!range) return;
  const [low, high] = await range.data();
  range.dispose();
  if (low >= 0 && high < classes) return;
  throw new Error(
    `y holds the class index ${low < 0 ? low : high}; with ${classes} outputs, class indices are 0 to ${classes - 1}.`,
  );
}

function toTensor(values: FitArray, shape: tf.Shape): tf.Tensor {
  const tensor = values instanceof tf.Tensor ? values : tf.tensor(values);
  const rest = shape.slice(1);
  const isFlat = tensor.rank === 1 && !rest.includes(null);
  if (isFlat && rest.length > 0 && !(values instanceof tf.Tensor)) {
    const perSample = tf.util.sizeFromShape(rest as number[]);
    if (perSample > 1 && tensor.size % perSample === 0 && ArrayBuffer.isView(values)) {
      return tensor.reshape([-1, ...(rest as number[])]);
    }
  }
  return tensor.rank === 1 ? tf.expandDims(tensor, 1) : tensor;
}

function assertShape(what: string, { shape }: tf.Tensor, expected: tf.Shape): void {
  const fits = shape.length === expected.length && expected.every((size, i) => i === 0 || !size || size === shape[i]);
  if (fits) return;
  throw new Error(`${what} has shape [${shape}]; the model expects [${expected.map((size) => size ?? 'N')}].`);
}

function listByName(data: FitData, names: string[], what: string): FitArray[] {
  if (names.length === 1 && !isRecord(data)) {
    return [Array.isArray(data) && data.length === 1 && data[0] instanceof tf.Tensor ? data[0] : (data as FitArray)];
  }
  const list = isRecord(data) ? names.map((name) => data[name]) : (data as FitArray[]);
  if (!Array.isArray(list) || list.length !== names.length || list.some((values) => values === undefined)) {
    throw new Error(`${what} must give ${names.length} arrays or tensors: ${names.join(', ')}.`);
  }
  return list;
}

function isRecord(data: FitData): data is { [name: string]: FitArray } {
  return typeof data === 'object' && !Array.isArray(data) && !ArrayBuffer.isView(data) && !(data instanceof tf.Tensor);
}

function tensorsIn(data: FitData): tf.Tensor[] {
  if (data instanceof tf.Tensor) return [data];
  const parts: unknown[] = Array.isArray(data) || isRecord(data) ? Object.values(data) : [];
  return parts.filter((part): part is tf.Tensor => part instanceof tf.Tensor);
}
