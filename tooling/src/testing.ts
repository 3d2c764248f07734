export { chiSquareUpperBound, expectFrequencies, type FrequencyOptions, normalBound } from './statistics.js';
export { testPackage } from './testPackage.js';
