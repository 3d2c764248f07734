import type { Dataset } from './Dataset.js';

/** The two splits of a data set. */
export interface TrainTest {
  train: Dataset;
  test: Dataset;
}
