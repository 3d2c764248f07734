import { CALIBRATION } from './calibration.js';
import { requireInteger, requireLength, requireNumbers, requirePositive, requireState, savedLength } from './checks.js';

/** Saved state of a `CalibrationTable`. */
export interface CalibrationTableState {
  readonly kind: 'CalibrationTable';
  readonly version: 1;
  readonly columns: number;
  readonly sums: Float64Array;
  readonly counts: Float64Array;
  readonly weight: number;
}

/** Where the weight of new observations is brought back to 1, long before it leaves Float64. */
const LARGEST_WEIGHT = 1e100;

const KIND = 'CalibrationTable';

/**
 * Running means of a positive quantity over the cells of a table, with exponential forgetting.
 *
 * A cell with few observations is drawn towards the mean of its row, and a row towards a prior of its own:
 * `m_row = (S_row + k·prior) / (C_row + k)`, `m_cell = (S_cell + k·m_row) / (C_cell + k)`, k = 5.
 */
export class CalibrationTable {
  readonly #columns: number;
  readonly #sums: Float64Array;
  readonly #counts: Float64Array;
  /** Weight of an observation made now. It grows, which is cheaper than shrinking every cell at every step. */
  #weight = 1;

  constructor(rows: number, columns: number) {
    this.#columns = columns;
    this.#sums = new Float64Array(rows * columns);
    this.#counts = new Float64Array(rows * columns);
  }

  /** Number of cells; cell `row · columns + column`. */
  get cells(): number {
    return this.#sums.length;
  }

  add(cell: number, value: number): void {
    this.#sums[cell] += this.#weight * value;
    this.#counts[cell] += this.#weight;
  }

  /** Lets all observations so far count a little less. */
  forget(): void {
    this.#weight /= CALIBRATION.forgetting;
    if (this.#weight < LARGEST_WEIGHT) return;
    for (let cell = 0; cell < this.cells; cell++) {
      this.#sums[cell] /= this.#weight;
      this.#counts[cell] /= this.#weight;
    }
    this.#weight = 1;
  }

  /**
   * Writes the mean of each cell.
   *
   * @param priors What each row would be without observations. Shape [rows].
   * @param out Shape [cells].
   */
  meansInto(priors: Float64Array, out: Float64Array): void {
    requireLength('priors', priors, this.cells / this.#columns);
    requireLength('out', out, this.cells);
    const prior = CALIBRATION.priorWeight * this.#weight;
    const columns = this.#columns;
    for (let first = 0; first < this.cells; first += columns) {
      const sumOfRow = total(this.#sums, first, first + columns);
      const countOfRow = total(this.#counts, first, first + columns);
      const meanOfRow = (sumOfRow + prior * priors[first / columns]) / (countOfRow + prior);
      for (let cell = first; cell < first + columns; cell++) {
        out[cell] = (this.#sums[cell] + prior * meanOfRow) / (this.#counts[cell] + prior);
      }
    }
  }

  getState(): CalibrationTableState {
    return {
      kind: KIND,
      version: 1,
      columns: this.#columns,
      sums: this.#sums.slice(),
      counts: this.#counts.slice(),
      weight: this.#weight,
    };
  }

  static fromState(state: CalibrationTableState): CalibrationTable {
    requireState(state, KIND);
    requireInteger('state.columns', state.columns, 1);
    const cells = savedLength('state.sums', state.sums);
    requireLength('state.counts', state.counts, cells);
    requireNumbers('state.sums', state.sums);
    requireNumbers('state.counts', state.counts);
    requirePositive('state.weight', state.weight);
    const table = new CalibrationTable(cells / state.columns, state.columns);
    table.#sums.set(state.sums);
    table.#counts.set(state.counts);
    table.#weight = state.weight;
    return table;
  }
}

function total(values: Float64Array, start: number, end: number): number {
  let sum = 0;
  for (let i = start; i < end; i++) sum += values[i];
  return sum;
}
