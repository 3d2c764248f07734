import { CALIBRATION, type CalibratedSamplerState } from '@gradis/samplers';
import * as tf from '@tensorflow/tfjs';
import { CELLS, ROW_CELLS, ROWS, squaredMiddles } from './calibratedBins.js';
import { replaced } from './replaced.js';

type TableState = CalibratedSamplerState['table'];

const { ageBins, forgetting, priorWeight } = CALIBRATION;

/** The running means of squared scores over the cells: the `CalibrationTable` of `CalibratedSampler`, in tensors. */
export class DeviceCalibrationTable {
  /** Sum and number of the observations of each cell, those made now having the weight 1. [CELLS, 2] */
  #totals = tf.keep(tf.zeros([CELLS, 2]) as tf.Tensor2D);
  readonly #priors = tf.keep(
    tf.tensor3d(
      squaredMiddles().map((square) => priorWeight * square),
      [ROWS, 1, 1],
    ),
  );

  /** Lets all observations so far count a little less, and adds these. [n] */
  add(cells: tf.Tensor, squares: tf.Tensor): void {
    tf.tidy(() => {
      const column = tf.cast(tf.reshape(cells, [-1, 1]), 'int32') as tf.Tensor2D;
      const values = tf.reshape(squares, [-1, 1]);
      const added = tf.scatterND(column, tf.concat([values, tf.onesLike(values)], 1), [CELLS, 2]);
      this.#totals = replaced(this.#totals, tf.add(tf.mul(this.#totals, forgetting), added) as tf.Tensor2D);
    });
  }

  /** Mean of each cell. [CELLS] */
  means(): tf.Tensor1D {
    return tf.tidy(() => {
      const totals = tf.reshape(this.#totals, [ROWS, ROW_CELLS, 2]);
      const [sums, counts] = tf.split(totals, 2, 2);
      const [sumOfRow, countOfRow] = tf.split(tf.sum(totals, 1, true), 2, 2);
      const meanOfRow = tf.div(tf.add(sumOfRow, this.#priors), tf.add(countOfRow, priorWeight));
      const means = tf.div(tf.add(sums, tf.mul(meanOfRow, priorWeight)), tf.add(counts, priorWeight));
      return tf.reshape(means, [CELLS]);
    });
  }

  async getState(): Promise<TableState> {
    const totals = await this.#totals.data();
    const perCell = (field: number) =>
      Float64Array.from({ length: ROWS * ageBins }, (_, cell) => totals[2 * deviceCell(cell) + field]);
    return {
      kind: 'CalibrationTable',
      version: 1,
      columns: ageBins,
      sums: perCell(0),
      counts: perCell(1),
      weight: 1,
    };
  }

  setState({ sums, counts, weight }: TableState): void {
    const totals = new Float32Array(2 * CELLS);
    for (let cell = 0; cell < sums.length; cell++) {
      totals[2 * deviceCell(cell)] = sums[cell] / weight;
      totals[2 * deviceCell(cell) + 1] = counts[cell] / weight;
    }
    this.#totals = replaced(this.#totals, tf.tensor2d(totals, [CELLS, 2]));
  }

  dispose(): void {
    tf.dispose([this.#totals, this.#priors]);
  }
}

/** The cell here of one on the host, where rows have no empty cells. */
export function deviceCell(cell: number): number {
  return ROW_CELLS * Math.floor(cell / ageBins) + (cell % ageBins);
}
