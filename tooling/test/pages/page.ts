import { train } from './train.js';

// The part of the global of a page that is used here; its types come with those of the DOM, which this project does without.
interface PageWorker {
  onmessage?: (event: { data: unknown }) => void;
  onerror?: (event: { message: string }) => void;
}
declare const Worker: new (url: string, options: { type: 'module' }) => PageWorker;

Object.assign(globalThis, {
  train,
  trainInWorker: () =>
    new Promise((resolve, reject) => {
      const worker = new Worker('/worker.js', { type: 'module' });
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = ({ message }) => reject(new Error(message));
    }),
});
