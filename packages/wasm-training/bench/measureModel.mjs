/** A turn ends after so many steps or milliseconds. */
const TURN = { steps: 50, milliseconds: 500 };

/** Before the first turn, engines compile and caches fill: JavaScript that runs once a step takes many steps. */
const WARM_UP = { steps: 200, milliseconds: 3000 };

/** Whoever has spent so many milliseconds in turns makes no more of them, but for the least number. */
const CAP_MILLISECONDS = 10_000;
const LEAST_TURNS = 3;

const PROFILE_MILLISECONDS = 2000;

/**
 * Trains one model with all contenders in turns, so that whatever else the machine does falls on all of them.
 *
 * @param {string} model
 * @param {import('./contenders.mjs').Contender[]} contenders
 * @param {{ rounds: number, timeLimit: number, profile: boolean }} effort
 * @param {(text: string) => void} progress
 * @param {AbortSignal} signal
 * @returns what was measured of each until the signal aborted the rest, by its name
 */
export async function measureModel(model, contenders, { rounds, timeLimit, profile }, progress, signal) {
  const participants = contenders.map(({ name, settings, spawn }) => {
    return { name, settings, process: spawn(), measurement: { turns: [] } };
  });
  const stop = () => {
    for (const { process } of participants) process.kill();
  };
  const attempt = async ({ name, process, measurement }, work) => {
    if (signal.aborted || measurement.skipped) return;
    try {
      await work();
    } catch (error) {
      // What the abort has ended has not failed.
      if (signal.aborted) return;
      measurement.skipped = error.message;
      progress(`${model}: ${name} is left out: ${error.message}`);
      process.kill();
    }
  };

  signal.addEventListener('abort', stop, { once: true });
  try {
    for (const participant of participants) {
      const { process, settings, measurement } = participant;
      await attempt(participant, async () => {
        Object.assign(measurement, await process.ask({ kind: 'create', model, ...settings }));
        await firstStep(process, timeLimit);
      });
    }
    const isGoingOn = () => !signal.aborted && participants.some(({ measurement }) => !measurement.skipped);
    for (let round = -1; round < rounds && isGoingOn(); round++) {
      progress(`${model}: ${round < 0 ? 'warms up' : `turn ${round + 1} of ${rounds}`}`);
      for (const participant of inOrder(participants, round + 1)) {
        const { process, measurement } = participant;
        if (isDone(measurement)) continue;
        await attempt(participant, async () => {
          const turn = await process.ask({ kind: 'time', ...(round < 0 ? WARM_UP : TURN) });
          if (round >= 0) measurement.turns.push(turn);
        });
      }
    }
    for (const participant of participants.filter(({ name }) => name !== 'pytorch')) {
      const { name, process, measurement } = participant;
      await attempt(participant, async () => {
        Object.assign(measurement, await process.ask({ kind: 'inspect' }));
        if (!profile || name !== 'ours') return;
        measurement.profile = await process.ask({ kind: 'profile', milliseconds: PROFILE_MILLISECONDS });
      });
    }
  } finally {
    signal.removeEventListener('abort', stop);
    stop();
  }
  return Object.fromEntries(participants.map(({ name, measurement }) => [name, measurement]));
}

/** @throws Error if it takes longer; the process is then ended */
async function firstStep(process, limitSeconds) {
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    process.kill();
  }, 1000 * limitSeconds);
  try {
    await process.ask({ kind: 'time', steps: 1, milliseconds: 0 });
  } catch (error) {
    throw isLate ? new Error(`its first step takes more than ${limitSeconds} s`) : error;
  } finally {
    clearTimeout(timer);
  }
}

/** Another one first in each round: what comes after another process finds its caches empty. */
function inOrder(participants, round) {
  const first = round % participants.length;
  return [...participants.slice(first), ...participants.slice(0, first)];
}

function isDone({ turns }) {
  const spent = turns.flatMap(({ milliseconds }) => milliseconds).reduce((sum, own) => sum + own, 0);
  return turns.length >= LEAST_TURNS && spent > CAP_MILLISECONDS;
}
