import { type MethodName, methods } from '@gradis/training';
import { InvalidArgumentError } from 'commander';

/** Reads a number in a range. */
export function numberIn(low: number, high: number, { exclusive = false } = {}): (text: string) => number {
  return (text) => {
    const value = Number(text);
    const fits = exclusive ? value > low && value < high : value >= low && value <= high;
    if (text.trim() !== '' && fits) return value;
    const range = exclusive ? `between ${low} and ${high}` : `from ${low} to ${high}`;
    throw new InvalidArgumentError(
      high === Number.POSITIVE_INFINITY ? `Give a number above ${low}.` : `Give a number ${range}.`,
    );
  };
}

/** Reads an integer of at least `low`. */
export function integerFrom(low: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== '' && Number.isSafeInteger(value) && value >= low) return value;
    throw new InvalidArgumentError(`Give an integer of at least ${low}.`);
  };
}

/** Reads a list of methods, separated by commas; `all` stands for every one. */
export function methodList(text: string): MethodName[] {
  const known: readonly string[] = Object.keys(methods);
  const names = text === 'all' ? known : text.split(',').map((name) => name.trim() || 'without a name');
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new InvalidArgumentError(`There is no method ${unknown.join(', ')}; choose from ${known.join(', ')}.`);
  }
  return [...new Set(names)] as MethodName[];
}
