import { candidateMethods } from './candidateMethods.js';
import type { Method } from './Method.js';
import { memoryMethods } from './memoryMethods.js';
import { uniformMethods } from './uniformMethods.js';

const { uniform, ...otherUniformMethods } = uniformMethods;
const table = { uniform, ...memoryMethods, ...candidateMethods, ...otherUniformMethods };

/** Names of the methods. */
export type MethodName = keyof typeof table;

/** Every method by its name. */
export const methods: Readonly<Record<MethodName, Method>> = table;
