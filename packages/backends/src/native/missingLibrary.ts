/** The library without which the system's loader, by its own message, could not load another. */
export function missingLibrary(message: string): string | undefined {
  const linux = /([\w.+/-]+): cannot open shared object file/.exec(message);
  const mac = /Library not loaded: (\S+)/.exec(message);
  return (linux ?? mac)?.[1];
}
