/** Throws unless the batch size is an integer ≥ 1. */
export function assertBatchSize(batchSize: number): void {
  if (Number.isSafeInteger(batchSize) && batchSize >= 1) return;
  throw new RangeError(`batchSize is ${batchSize}; it must be an integer ≥ 1.`);
}
