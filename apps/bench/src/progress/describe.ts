import type { EpochRecord, RunRecord } from '@gradis/metrics';
import type { EpochEvent } from '@gradis/training';
import type { RunId } from '../run/RunId.js';

/** A run in words, in a column of its own. */
export function describeRun({ method, seed }: RunId): string {
  return `${method.padEnd(10)} seed ${seed}`;
}

/** Quality at the end of an epoch: `train loss 0.1234, test loss 0.1456, test error 3.21 %`. */
export function describeQuality({ train, test }: Pick<EpochEvent | EpochRecord, 'train' | 'test'>): string {
  const parts: string[] = [];
  if (train) parts.push(`train loss ${train.loss.toFixed(4)}`);
  if (test) parts.push(`test loss ${test.loss.toFixed(4)}`);
  if (test?.error !== undefined) parts.push(`test error ${(100 * test.error).toFixed(2)} %`);
  return parts.join(', ');
}

/** A finished run in one line. */
export function describeEnd(id: RunId, { epochs, end }: RunRecord): string {
  const last = epochs.at(-1);
  const time = `${last?.trainingSeconds.toFixed(1) ?? 0} s of training`;
  const how = end ? (end.reason === 'completed' ? '' : ` (${end.reason})`) : ' (interrupted)';
  return `${describeRun(id)}  ${last ? describeQuality(last) : 'no epoch'}, ${time}${how}`;
}

/** Seconds as `1:02:03` or `2:03`. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const pad = (value: number) => String(value).padStart(2, '0');
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return hours > 0 ? `${hours}:${pad(minutes)}:${pad(rest)}` : `${minutes}:${pad(rest)}`;
}
