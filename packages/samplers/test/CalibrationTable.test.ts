import { describe, expect, test } from 'vitest';
import { CalibrationTable } from '../src/CalibrationTable.js';

describe('CalibrationTable', () => {
  test('forgets by a constant share at each step, however many there are', () => {
    let table = new CalibrationTable(2, 2);
    // Sums with forgetting, made the slow way. 600,000 steps are more than Float64 could hold without being rescaled.
    const cells = [0, 1, 2, 3].map(() => ({ sum: 0, count: 0 }));
    const out = new Float64Array(4);
    for (let step = 1; step <= 600_000; step++) {
      table.forget();
      for (const cell of cells) {
        cell.sum *= 0.9995;
        cell.count *= 0.9995;
      }
      const cell = step % 3;
      const value = 1 + (step % 7);
      table.add(cell, value);
      cells[cell]!.sum += value;
      cells[cell]!.count++;
      if (step % 50_000 !== 0) continue;
      table = CalibrationTable.fromState(structuredClone(table.getState()));
      table.meansInto(Float64Array.of(0, 10), out);
      for (const row of [0, 1]) {
        const own = cells.slice(2 * row, 2 * row + 2);
        const sum = own[0]!.sum + own[1]!.sum;
        const count = own[0]!.count + own[1]!.count;
        const mean = (sum + 5 * 10 * row) / (count + 5);
        own.forEach((one, column) => {
          expect(out[2 * row + column]).toBeCloseTo((one.sum + 5 * mean) / (one.count + 5), 9);
        });
      }
    }
  });
});
