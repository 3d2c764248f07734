import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { supplyRemovedUtil } from '../src/native/supplyRemovedUtil.js';
import { contents } from './nativeSupport.js';

describe('what Node 23 removed', () => {
  it('is there again, and right', () => {
    const bare: Record<string, (value: unknown) => boolean> = {};
    supplyRemovedUtil(bare);
    expect(Object.keys(bare).sort()).toEqual(['isArray', 'isNullOrUndefined']);
    const values = [null, undefined, 0, '', Number.NaN, [], {}, new Float32Array(2)];
    expect(values.map(bare.isNullOrUndefined!)).toEqual([true, true, false, false, false, false, false, false]);
    expect(values.map(bare.isArray!)).toEqual([false, false, false, false, false, true, false, false]);
  });

  it('is left alone where it exists, and nothing else is added', () => {
    const isArray = () => false;
    const given = { isArray, inspect: 1 };
    supplyRemovedUtil(given);
    expect(given).toEqual({ isArray, inspect: 1, isNullOrUndefined: expect.any(Function) });
    expect(given.isArray).toBe(isArray);
  });

  it('can be sent to another process as text, and makes the same there', () => {
    const script = `const bare = {}; (${supplyRemovedUtil})(bare); console.log(bare.isArray([]), bare.isNullOrUndefined(0))`;
    expect(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' })).toBe('true false\n');
  });

  it('is all of it that the package calls', () => {
    const root = join(import.meta.dirname, '..', 'node_modules', '@tensorflow', 'tfjs-node', 'dist');
    const files = contents(root).filter((path) => path.endsWith('.js') && !/test/.test(path));
    const called = files.flatMap((path) => {
      const text = readFileSync(join(root, path), 'utf8');
      const name = /var (\w+) = require\("util"\)/.exec(text)?.[1];
      return name ? [...text.matchAll(new RegExp(`\\b${name}\\.(\\w+)`, 'g'))].map((match) => match[1]) : [];
    });
    // What remains in Node 24 needs no help.
    expect([...new Set(called)].sort()).toEqual(['isArray', 'isNullOrUndefined', 'promisify']);
  });
});
