/** Where a value stands: the line of the file, from 1, and the path of the field in it. */
export interface Place {
  line: number;
  field: string;
}

/** Returns the value if it is a T and throws an error that names line, field, value and remedy otherwise. */
export type Check<T> = (value: unknown, place: Place) => T;

/** A check for each field of T; those of optional fields are made with {@link optional}. */
export type Fields<T> = { [K in keyof T]-?: Check<T[K]> };

/** Throws the one kind of error that a bad run file gives. */
export function refuse(value: unknown, { line, field }: Place, remedy: string): never {
  throw new TypeError(`Run record, line ${line}: ${field} is ${show(value)}; ${remedy}`);
}

function show(value: unknown): string {
  if (value === undefined) return 'missing';
  return typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? String(value)).slice(0, 80);
}

/** A check that the value satisfies `holds`. */
function satisfying<T>(holds: (value: unknown) => boolean, remedy: string): Check<T> {
  return (value, place) => (holds(value) ? (value as T) : refuse(value, place, remedy));
}

const isNumber = (value: unknown): value is number => Number.isFinite(value);

export const text = satisfying<string>(
  (value) => typeof value === 'string' && value.length > 0,
  'it must be a text that is not empty.',
);
export const flag = satisfying<boolean>((value) => typeof value === 'boolean', 'it must be true or false.');
export const finite = satisfying<number>(isNumber, 'it must be a finite number.');
export const nonNegative = satisfying<number>(
  (value) => isNumber(value) && value >= 0,
  'it must be a finite number ≥ 0.',
);
export const share = satisfying<number>(
  (value) => isNumber(value) && value >= 0 && value <= 1,
  'it must be a number in [0, 1].',
);
export const count = satisfying<number>(
  (value) => Number.isSafeInteger(value) && (value as number) >= 0,
  'it must be an integer ≥ 0.',
);
export const dateTime = satisfying<string>(
  (value) => typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value) && !Number.isNaN(Date.parse(value)),
  'it must be an ISO 8601 date and time, such as 2026-01-31T12:00:00.000Z.',
);

/** One of a few values. */
export function oneOf<const T extends string | number>(...allowed: T[]): Check<T> {
  return satisfying((value) => allowed.includes(value as T), `it must be ${allowed.map(quote).join(' or ')}.`);
}

/** A field that may be absent. */
export function optional<T>(check: Check<T>): Check<T | undefined> {
  return (value, place) => (value === undefined ? undefined : check(value, place));
}

/** An object with exactly these fields. */
export function object<T>(fields: Fields<T>): Check<T> {
  const names = Object.keys(fields) as (keyof T & string)[];
  return (value, place) => {
    const entries = plainObject(value, place);
    for (const name of names) fields[name](entries[name], inside(place, name));
    for (const name of Object.keys(entries)) {
      if (!(names as string[]).includes(name)) {
        refuse(entries[name], inside(place, name), `there is no such field; the fields are ${names.join(', ')}.`);
      }
    }
    return value as T;
  };
}

/** An object with any names and values of one kind. */
export function dictionary<T>(check: Check<T>): Check<Record<string, T>> {
  return (value, place) => {
    for (const [name, entry] of Object.entries(plainObject(value, place))) check(entry, inside(place, name));
    return value as Record<string, T>;
  };
}

/** Two finite numbers in order. */
export const interval = satisfying<[number, number]>(
  (value) => Array.isArray(value) && value.length === 2 && value.every(isNumber) && value[0] <= value[1],
  'it must be two finite numbers [low, high].',
);

/** An object that is no array; the names of its fields are still to be checked. */
export function plainObject(value: unknown, place: Place): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  return refuse(value, place, 'it must be an object.');
}

function inside(place: Place, name: string): Place {
  return { line: place.line, field: place.field === LINE ? name : `${place.field}.${name}` };
}

/** Name of the whole line, as a field. */
export const LINE = 'the line';

function quote(value: string | number): string {
  return JSON.stringify(value);
}
