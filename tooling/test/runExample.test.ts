import { expect, test } from 'vitest';
import { runExample } from '../src/runExample.js';
import { temporaryFolder } from './temporaryFolder.js';

let line = 10;
const run = (code: string) =>
  runExample(temporaryFolder(), 'README.md', { language: 'ts', line: ++line, code: code.split('\n') });

test('accepts a block that prints what its arrows say, one line each, formatted as Node does', async () => {
  await run(`const sum: number = 1 + 2;
    console.log('sum:', sum); // → sum: 3
    console.log(Float32Array.of(0.5)); // → Float32Array(1) [ 0.5 ]
    console.log('two\\nlines'); // → two
    // → lines`);
});

test('lets a block without arrows print anything', async () => {
  await run(`await Promise.resolve(); console.log(Math.PI);`);
});

test('puts console.log back afterwards', async () => {
  const { log } = console;
  await run(`console.log('x'); // → x`);
  expect(console.log).toBe(log);
});

test('refuses another result than the arrow says, at its line', async () => {
  await expect(run(`const x = 2;\nconsole.log(x); // → 3`)).rejects.toThrow(
    `README.md:${line + 2}: printed "2", but the arrow says "3".`,
  );
});

test('refuses an arrow that nothing was printed for', async () => {
  await expect(run(`if (false) console.log(1); // → 1`)).rejects.toThrow('printed undefined, but the arrow says "1"');
});

test('refuses a line that no arrow announces when the block has arrows', async () => {
  await expect(run(`console.log(1); // → 1\nconsole.log(2);`)).rejects.toThrow('printed "2" too, which has no arrow');
});

test('names the line of a block that throws', async () => {
  await expect(run(`const x = 1;\n\nthrow new RangeError('too far');`)).rejects.toThrow(
    `README.md:${line + 3}: RangeError: too far`,
  );
});

test('names the line of wrong syntax and of a package that is not there', async () => {
  await expect(run(`const x = 1;\nconst = 3;`)).rejects.toThrow(`README.md:${line + 2}: `);
  await expect(run(`import 'no-such-package-anywhere';`)).rejects.toThrow(`README.md:${line + 1}: `);
});
