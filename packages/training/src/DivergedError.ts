/** Training has gone astray: a loss or a score is not finite any more. `train` ends such a run as 'diverged'. */
export class DivergedError extends Error {
  override name = 'DivergedError';
}

/** Throws a {@link DivergedError} that names the first value that is not finite. */
export function assertFinite(what: string, values: ArrayLike<number>): void {
  for (let i = 0; i < values.length; i++) {
    if (Number.isFinite(values[i])) continue;
    throw new DivergedError(
      `training diverged: ${what}[${i}] is ${values[i]}; lower the learning rate, or look for such values in the data.`,
    );
  }
}
