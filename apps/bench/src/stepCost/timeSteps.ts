import { secondsNow } from '@gradis/training';

/** How long a method trains before it is the turn of the next. */
export interface Turn {
  steps: number;
  /** Milliseconds after which no further step is begun. Default: no limit. */
  milliseconds?: number;
}

/**
 * Milliseconds of each step of one turn.
 *
 * @param training gives a value for each step that is done, such as `endlessSteps`
 */
export async function timeSteps(
  training: AsyncIterator<unknown>,
  { steps, milliseconds = Number.POSITIVE_INFINITY }: Turn,
): Promise<number[]> {
  const times: number[] = [];
  for (let spent = 0; times.length < steps && (spent < milliseconds || times.length === 0); ) {
    const start = secondsNow();
    await training.next();
    const own = 1000 * (secondsNow() - start);
    times.push(own);
    spent += own;
  }
  return times;
}
