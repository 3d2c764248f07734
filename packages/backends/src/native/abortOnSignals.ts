/** What ends a program from a terminal or a service manager. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs something that undoes what it did when it is aborted, and aborts it also by Ctrl-C and the like, which then end the
 * program as usual. A signal to which the program listens itself is left to it. The second Ctrl-C ends it at once.
 *
 * @param signal aborts it, too
 */
export async function abortOnSignals<Result>(
  signal: AbortSignal | undefined,
  run: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController();
  let received: NodeJS.Signals | undefined;
  const stop = (name: NodeJS.Signals) => {
    received = name;
    controller.abort(new Error(`interrupted by ${name}`));
  };
  const names = SIGNALS.filter((name) => process.listenerCount(name) === 0);
  for (const name of names) process.once(name, stop);
  try {
    return await run(signal ? AbortSignal.any([signal, controller.signal]) : controller.signal);
  } finally {
    for (const name of names) process.off(name, stop);
    if (received) process.kill(process.pid, received);
  }
}
