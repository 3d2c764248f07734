import { type MethodName, methods } from '@gradis/training';
import { describe, expect, test } from 'vitest';
import { requireReadFlags } from '../src/commands/requireReadFlags.js';
import { experiments } from '../src/experiments/index.js';
import type { MethodSettings } from '../src/run/Settings.js';

function given(methods: MethodName[], flags: MethodSettings): () => void {
  return () => requireReadFlags(flags, { ...experiments.mnist!.presets.quick, ...flags, methods });
}

const all = Object.keys(methods) as MethodName[];

describe('flags of single methods', () => {
  test.each<[MethodSettings, MethodName]>([
    [{ uniformMix: 0.3 }, 'calibrated'],
    [{ momentum: 0.3 }, 'memory-is'],
    [{ epsilon: 0.3 }, 'memory-as'],
    [{ drawing: 'with-replacement' }, 'calibrated'],
    [{ presampleFactor: 7 }, 'dlis'],
    [{ threshold: 7 }, 'dlis'],
    [{ weightExponent: 0.3 }, 'calibrated'],
    [{ clipQuantile: 0.6 }, 'calibrated-robust'],
    [{ quarantineQuantile: 0.6 }, 'calibrated-robust'],
    [{ patience: 7 }, 'calibrated-robust'],
    [{ quarantine: 'ignore' }, 'calibrated-robust'],
    [{ lambda: 7 }, 'low'],
    [{ lossScaling: 'mean' }, 'low'],
  ])('%o is for %s, and refused if no method reads it', (flags, method) => {
    expect(given([method], flags)).not.toThrow();
    expect(given(['uniform', method], flags)).not.toThrow();
    expect(given(all, flags)).not.toThrow();
    expect(given(['uniform', 'auto'], flags)).toThrow(/^--[a-z-]+ \S+ has no effect on uniform, auto; leave it out/);
  });

  test('the weights of memory-is are what its name says', () => {
    expect(given(['memory-is'], { weightExponent: 0.5 })).toThrow('--weight-exponent 0.5 has no effect on memory-is');
  });
});
