import {
  MemorySampler,
  ResamplingSampler,
  type SamplerState,
  samplerFromState,
  UniformSampler,
} from '@gradis/samplers';
import { expect, test } from 'vitest';

test.each([new UniformSampler(5), new MemorySampler(5), new ResamplingSampler(5)])(
  'restores a sampler of the class that was saved',
  (sampler) => {
    expect(samplerFromState(sampler.getState()).constructor).toBe(sampler.constructor);
  },
);

test('refuses an unknown kind, another version and a damaged state', () => {
  const state: SamplerState = new MemorySampler(5).getState();
  expect(() => samplerFromState({ ...state, kind: 'Oracle' })).toThrow("state.kind is 'Oracle'");
  expect(() => samplerFromState({ ...state, kind: 'toString' })).toThrow("state.kind is 'toString'");
  for (const nothing of [null, undefined, 7] as unknown[] as SamplerState[]) {
    expect(() => samplerFromState(nothing)).toThrow(
      new TypeError("state.kind is 'undefined'; it must be the kind of a sampler of @gradis/samplers."),
    );
  }
  expect(() => samplerFromState({ ...state, version: 2 as 1 })).toThrow(
    'state.version is 2; this release reads version 1',
  );
  const damaged = { ...state, observed: new Uint8Array(4) } as SamplerState;
  expect(() => samplerFromState(damaged)).toThrow('state.observed has 4 elements; it must have 5.');
  expect(() => UniformSampler.fromState(new MemorySampler(5).getState() as never)).toThrow(
    "state.kind is 'MemorySampler'",
  );
});
