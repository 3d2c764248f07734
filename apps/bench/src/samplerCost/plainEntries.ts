import { type Entry, localContestant } from './Contestant.js';
import { allScores, scoreOf } from './scoreOf.js';

/** What one writes by hand: the two textbook ways to draw in proportion to scores, with `Math.random`. */
export const plainEntries: readonly Entry[] = [
  { name: 'cumulative sum, binary search', origin: 'plain', bytesWhileMade: 16, create: cumulativeSum },
  { name: 'sum tree', origin: 'plain', bytesWhileMade: 32, create: sumTree },
];

function cumulativeSum(size: number) {
  const scores = allScores(size);
  const sums = new Float64Array(size);
  const sumUp = () => {
    let sum = 0;
    for (let i = 0; i < size; i++) sums[i] = sum += scores[i];
  };
  const find = (target: number) => {
    let low = 0;
    let high = size - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sums[middle] > target) high = middle;
      else low = middle + 1;
    }
    return low;
  };
  sumUp();
  return localContestant(
    (batchSize) => {
      const indices = new Int32Array(batchSize);
      for (let k = 0; k < batchSize; k++) indices[k] = find(Math.random() * sums[size - 1]);
      return indices;
    },
    (indices, values) => {
      for (let k = 0; k < indices.length; k++) scores[indices[k]] = values[k];
      sumUp();
    },
    scoreOf,
  );
}

/** Leaves in the second half of an array, each node the sum of its two children. */
function sumTree(size: number) {
  const leaves = 2 ** Math.ceil(Math.log2(size));
  const nodes = new Float64Array(2 * leaves);
  for (let i = 0; i < size; i++) nodes[leaves + i] = scoreOf(i);
  for (let node = leaves - 1; node > 0; node--) nodes[node] = nodes[2 * node] + nodes[2 * node + 1];
  const find = (target: number) => {
    let rest = target;
    let node = 1;
    while (node < leaves) {
      node *= 2;
      if (rest >= nodes[node]) rest -= nodes[node++];
    }
    return node - leaves;
  };
  return localContestant(
    (batchSize) => {
      const indices = new Int32Array(batchSize);
      for (let k = 0; k < batchSize; k++) indices[k] = find(Math.random() * nodes[1]);
      return indices;
    },
    (indices, values) => {
      for (let k = 0; k < indices.length; k++) {
        let node = leaves + indices[k];
        nodes[node] = values[k];
        for (node >>= 1; node > 0; node >>= 1) nodes[node] = nodes[2 * node] + nodes[2 * node + 1];
      }
    },
    scoreOf,
  );
}
