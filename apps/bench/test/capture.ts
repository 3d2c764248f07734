import { vi } from 'vitest';

/** What a function printed, and what it gave or threw. */
export interface Captured<T> {
  stdout: string;
  stderr: string;
  result?: T;
  error?: Error;
}

/** Runs a function and keeps what it prints from the terminal. `onOutput` is told of each piece. */
export async function capture<T>(run: () => Promise<T>, onOutput?: (text: string) => void): Promise<Captured<T>> {
  const captured: Captured<T> = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((name) =>
    vi.spyOn(process[name], 'write').mockImplementation((text) => {
      captured[name] += text;
      onOutput?.(String(text));
      return true;
    }),
  );
  try {
    captured.result = await run();
  } catch (error) {
    captured.error = error as Error;
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
  return captured;
}
