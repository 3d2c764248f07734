import { createRequire } from 'node:module';
import stdlibSample from '@stdlib/random-sample';
import { type Entry, localContestant } from './Contestant.js';
import { allScores, scoreOf } from './scoreOf.js';

// Node's import of this CommonJS package has its default export one level down from where its types say.
const { default: aliasTable } = createRequire(import.meta.url)(
  '@keystonehq/alias-sampling',
) as typeof import('@keystonehq/alias-sampling');

/** Packages from npm, used as their documentation says. */
export const npmEntries: readonly Entry[] = [
  {
    name: 'alias table',
    origin: '@keystonehq/alias-sampling',
    limit: { samples: 2 ** 24, reason: 'too large: it holds plain arrays of numbers' },
    bytesWhileMade: 64,
    create: (size) => {
      const scores = Array.from(allScores(size));
      let table = aliasTable(scores);
      return localContestant(
        (batchSize) => table.next(batchSize),
        (indices, values) => {
          for (let k = 0; k < indices.length; k++) scores[indices[k]] = values[k];
          table = aliasTable(scores);
        },
        scoreOf,
      );
    },
  },
  {
    name: 'with probs',
    origin: '@stdlib/random-sample',
    limit: { samples: 100_000, reason: 'too large: the time of its table grows as N², minutes a batch here' },
    bytesWhileMade: 64,
    create: (size) => {
      const scores = allScores(size);
      const pool = Int32Array.from(scores, (_, index) => index);
      let probs = normalized(scores);
      return localContestant(
        (batchSize) => stdlibSample(pool, { size: batchSize, probs }),
        (indices, values) => {
          for (let k = 0; k < indices.length; k++) scores[indices[k]] = values[k];
          probs = normalized(scores);
        },
        scoreOf,
      );
    },
  },
];

function normalized(scores: Float64Array): number[] {
  const total = scores.reduce((sum, score) => sum + score, 0);
  return Array.from(scores, (score) => score / total);
}
