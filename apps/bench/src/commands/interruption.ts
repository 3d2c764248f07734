/** Exit code of a program that was interrupted. */
export const INTERRUPTED = 130;

/** A signal that is aborted by the first Ctrl-C or SIGTERM; the second ends the program. */
export function interruption(onFirst: () => void): { signal: AbortSignal; dispose(): void } {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) process.exit(INTERRUPTED);
    controller.abort();
    onFirst();
  };
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const name of signals) process.on(name, stop);
  return {
    signal: controller.signal,
    dispose() {
      for (const name of signals) process.off(name, stop);
    },
  };
}
