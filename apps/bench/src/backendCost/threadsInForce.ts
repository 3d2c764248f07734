import type { Trainer } from './Trainer.js';

/** With how many threads each trains, in brackets, but for those on a GPU: ` (threads: node 2, wasm 1)`. */
export function threadsInForce(trainers: readonly Pick<Trainer, 'kind' | 'started'>[]): string {
  const parts = trainers.flatMap(({ kind, started }) =>
    started.threads === undefined ? [] : [`${kind.name} ${started.threads}`],
  );
  return parts.length > 0 ? ` (threads: ${parts.join(', ')})` : '';
}
