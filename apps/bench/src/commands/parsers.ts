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

/** Reads integers of at least 1, separated by commas; 1e6 is one. */
export function integerList(text: string): number[] {
  const values = text.split(',').map(Number);
  if (values.every((value) => Number.isSafeInteger(value) && value >= 1)) return values;
  throw new InvalidArgumentError('Give integers of at least 1, separated by commas.');
}

/** Reads names of a list, separated by commas. */
export function namesOf<T extends string>(known: readonly T[]): (text: string) => T[] {
  return (text) => {
    const names = text.split(',').map((name) => name.trim() || 'without a name');
    const unknown = names.filter((name) => !known.includes(name as T));
    if (unknown.length === 0) return [...new Set(names)] as T[];
    throw new InvalidArgumentError(`There is no ${unknown.join(', ')}; choose from ${known.join(', ')}.`);
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
