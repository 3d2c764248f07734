import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { type Batch, createStrategy, type MethodName, type StepResult, totalSeconds } from '../src/index.js';
import { BATCH, collect } from './collect.js';
import { LinearLearner } from './linearLearner.js';

const N = 50;
const STEPS_PER_EPOCH = Math.ceil(N / BATCH);

/** Does its step at once and tells of it some turns of the event loop later, as a GPU does. */
class QueuingLearner extends LinearLearner {
  readonly isAsynchronous = true;
  readonly log: string[] = [];
  underWay = 0;
  mostUnderWay = 0;
  #begun = 0;

  override async step(batch: Batch): Promise<StepResult> {
    const number = ++this.#begun;
    this.log.push(`begin ${number}`);
    this.mostUnderWay = Math.max(this.mostUnderWay, ++this.underWay);
    const result = await super.step(batch);
    for (let turn = 0; turn < 3; turn++) await setImmediate();
    this.underWay--;
    this.log.push(`end ${number}`);
    return { ...result, seconds: { ...result.seconds, step: 0, readBack: 1000 } };
  }

  override async evaluate(): Promise<{ loss: number }> {
    expect(this.underWay).toBe(0);
    this.log.push('evaluate');
    return super.evaluate();
  }
}

describe('a step that is queued', () => {
  it('is followed by the next before its result is there', async () => {
    const learner = new QueuingLearner(N);
    await collect(learner, createStrategy('memory-is', { size: N }), { epochs: 1 });
    const last = STEPS_PER_EPOCH;
    expect(learner.log.slice(0, 5)).toEqual(['evaluate', 'begin 1', 'begin 2', 'end 1', 'begin 3']);
    expect(learner.log.slice(-3)).toEqual([`end ${last - 1}`, `end ${last}`, 'evaluate']);
  });

  it.each([0, 1, 3])('is one of at most 1 + %d under way', async (delay) => {
    const learner = new QueuingLearner(N);
    const { steps } = await collect(learner, createStrategy('calibrated', { size: N }), { epochs: 2, delay });
    expect(learner.mostUnderWay).toBe(1 + delay);
    expect(steps.length).toBe(2 * STEPS_PER_EPOCH);
  });

  it('waits for nothing under way where the method looks before it chooses', async () => {
    for (const method of ['dlis', 'online-batch', 'low'] satisfies MethodName[]) {
      const learner = new QueuingLearner(N);
      await collect(learner, createStrategy(method, { size: N }), { epochs: 1 });
      expect(learner.mostUnderWay).toBe(1);
      const asked = collect(new QueuingLearner(N), createStrategy(method, { size: N }), { epochs: 1, delay: 1 });
      await expect(asked).rejects.toThrow(`delay is 1; it must be 0 for ${method}`);
    }
  });

  it('takes the time that was waited for it, and not that of the step after it', async () => {
    const before = performance.now();
    const { epochs } = await collect(new QueuingLearner(N), createStrategy('uniform', { size: N }), { epochs: 2 });
    const wall = (performance.now() - before) / 1000;
    const [last] = epochs.slice(-1);
    expect(totalSeconds(last!.seconds)).toBeLessThanOrEqual(wall);
    expect(last!.seconds.readBack).toBeGreaterThan(0);
  });

  it('changes nothing where nothing is learned', async () => {
    const [queued, plain] = [new QueuingLearner(N), new LinearLearner(N)];
    await collect(queued, createStrategy('uniform', { size: N, seed: 5 }), { epochs: 3 });
    await collect(plain, createStrategy('uniform', { size: N, seed: 5 }), { epochs: 3 });
    expect(queued.parameters).toEqual(plain.parameters);
  });

  it('teaches its scores one step later: the draws are others, the first two batches the same', async () => {
    const run = (delay: number) =>
      collect(new QueuingLearner(N), createStrategy('memory-is', { size: N, seed: 5 }), { epochs: 3, delay });
    const [now, later] = [await run(0), await run(1)];
    const drawn = ({ steps }: typeof now) => steps.map(({ batch }) => batch.indices.join());
    expect(drawn(later).slice(0, STEPS_PER_EPOCH)).toEqual(drawn(now).slice(0, STEPS_PER_EPOCH));
    expect(drawn(later)).not.toEqual(drawn(now));
  });

  it('is still waited for when the run is aborted', async () => {
    const controller = new AbortController();
    class Aborting extends QueuingLearner {
      override async step(batch: Batch): Promise<StepResult> {
        if (this.log.includes('begin 4')) controller.abort();
        return super.step(batch);
      }
    }
    const learner = new Aborting(N);
    const options = { epochs: 9, signal: controller.signal };
    const { steps, reason } = await collect(learner, createStrategy('uniform', { size: N }), options);
    expect(reason).toBe('aborted');
    expect(learner.underWay).toBe(0);
    expect(steps.length).toBe(learner.log.filter((line) => line.startsWith('begin')).length);
  });

  it('is waited for when the one before it has diverged', async () => {
    class Diverging extends QueuingLearner {
      override async step(batch: Batch): Promise<StepResult> {
        const result = await super.step(batch);
        return { ...result, losses: result.losses.map(() => Number.NaN) };
      }
    }
    const learner = new Diverging(N);
    const { reason } = await collect(learner, createStrategy('uniform', { size: N }), { epochs: 9 });
    expect(reason).toBe('diverged');
    expect(learner.underWay).toBe(0);
  });

  it.each([-1, 0.5, Number.NaN])('cannot be delayed by %d steps', async (delay) => {
    const asked = collect(new LinearLearner(N), createStrategy('uniform', { size: N }), { epochs: 1, delay });
    await expect(asked).rejects.toThrow(`delay is ${delay}; it must be an integer ≥ 0.`);
  });
});
