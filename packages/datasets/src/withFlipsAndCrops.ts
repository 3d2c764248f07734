import { RandomGenerator } from '@gradis/samplers';
import type { Dataset } from './Dataset.js';
import { hash32 } from './hash32.js';
import { requireCount } from './requireCount.js';

/** Options of {@link withFlipsAndCrops}. */
export interface FlipsAndCropsOptions {
  /** Seed of the views: same seed, same views. */
  seed: number;
  /** Rows and columns of zeros around an image before it is cropped to its own size again, ≥ 0. Default 4. */
  padding?: number;
  /** Whether half of the views are mirrored left to right. Default true. */
  flip?: boolean;
}

/**
 * The same images, in another random view at each step: mirrored or not, and shifted by up to `padding` pixels.
 *
 * `gather(indices, into, view)` gives view number `view` of each sample: one of (2 · padding + 1)² crops, with `flip`
 * mirrored or not, all equally likely and independent for every sample and number. What is shifted in has the value 0
 * (black) before scale and shift. Views are computed and not drawn, so a run that goes on at step t sees what it would have
 * seen, and a sample that is scored and then trained on in one step is the same image both times. `gather(indices)` gives
 * the images as they are, for evaluation.
 *
 * @param dataset Its inputs must have the shape [height, width, channels]. Transform it before this: the other transforms
 *   copy the images as they are.
 * @throws TypeError if the inputs are no images; RangeError if the padding is not an integer in [0, shorter side).
 *
 * He, Zhang, Ren, Sun: Deep Residual Learning for Image Recognition, §4.2 (arXiv 1512.03385).
 *
 * @example
 * ```ts
 * import { ArrayDataset, withFlipsAndCrops } from '@gradis/datasets';
 *
 * const image = new ArrayDataset({
 *   name: 'one row of three grey pixels',
 *   inputs: { data: new Uint8Array([1, 2, 3]), shape: [1, 3, 1] },
 *   targets: { data: new Int32Array(1), shape: [] },
 * });
 * const augmented = withFlipsAndCrops(image, { seed: 1, padding: 0 });
 * const index = new Int32Array([0]);
 * const views = [0, 1, 2, 3].map((view) => augmented.gather(index, undefined, view).inputs.data.join(''));
 * console.log(views, augmented.gather(index).inputs.data.join('')); // → [ '321', '321', '123', '123' ] 123
 * ```
 */
export function withFlipsAndCrops(dataset: Dataset, { seed, padding = 4, flip = true }: FlipsAndCropsOptions): Dataset {
  const { name, size, inputs, targets, classNames } = dataset;
  const { shape, shift: blank = 0 } = inputs;
  if (shape.length !== 3) {
    throw new TypeError(`${name}: inputs have shape [${shape}]; images have the shape [height, width, channels].`);
  }
  const [height, width, channels] = shape as [number, number, number];
  requireCount('padding', padding, 0);
  if (padding >= Math.min(height, width)) {
    throw new RangeError(
      `padding is ${padding}; for images of ${height} × ${width} it must be less than the shorter side.`,
    );
  }
  const key = new RandomGenerator(seed).integer(2 ** 32);
  const shifts = 2 * padding + 1;
  const views = shifts * shifts * (flip ? 2 : 1);

  return {
    name: `${name}/flips-and-crops`,
    size,
    inputs,
    targets,
    classNames,
    gather(indices, into, view) {
      if (view !== undefined) requireCount('view', view, 0);
      const batch = dataset.gather(indices, into, view);
      if (view === undefined) return batch;
      const keyOfView = hash32(key, view);
      const stride = height * width * channels;
      for (let k = 0; k < indices.length; k++) {
        const choice = Math.floor((hash32(keyOfView, indices[k]!) / 2 ** 32) * views);
        const image = batch.inputs.data.subarray(k * stride, (k + 1) * stride);
        if (choice >= shifts * shifts) mirror(image, width, channels);
        const down = (choice % shifts) - padding;
        const right = (Math.floor(choice / shifts) % shifts) - padding;
        shift(image, width, channels, { down, right, blank });
      }
      return batch;
    },
  };
}

/** Swaps left and right, in place. */
function mirror(image: Float32Array | Int32Array, width: number, channels: number): void {
  const stride = width * channels;
  for (let row = 0; row < image.length; row += stride) {
    for (let left = row, right = row + stride - channels; left < right; left += channels, right -= channels) {
      for (let channel = 0; channel < channels; channel++) {
        const value = image[left + channel]!;
        image[left + channel] = image[right + channel]!;
        image[right + channel] = value;
      }
    }
  }
}

/** Moves an image within its frame, in place: one move of its memory, after which only the uncovered edges are wrong. */
function shift(
  image: Float32Array | Int32Array,
  width: number,
  channels: number,
  { down, right, blank }: { down: number; right: number; blank: number },
): void {
  const stride = width * channels;
  const move = down * stride + right * channels;
  image.copyWithin(Math.max(0, move), Math.max(0, -move), image.length - Math.max(0, move));
  if (down > 0) image.fill(blank, 0, down * stride);
  if (down < 0) image.fill(blank, down * stride);
  const uncovered = Math.abs(right) * channels;
  for (let row = right < 0 ? stride - uncovered : 0; uncovered > 0 && row < image.length; row += stride) {
    for (let i = row; i < row + uncovered; i++) image[i] = blank;
  }
}
