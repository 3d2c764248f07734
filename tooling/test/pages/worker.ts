import { train } from './train.js';

declare function postMessage(message: unknown): void;

postMessage(await train());
