#!/usr/bin/env node
import { runProgram } from './runProgram.js';

// Whoever reads the output may stop in the middle, as `head` does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

try {
  process.exitCode = await runProgram();
} catch (error) {
  process.stderr.write(`gradis: ${error instanceof Error ? error.message : error}\n`);
  if (process.env.DEBUG) console.error(error);
  process.exitCode = 1;
}
