#!/usr/bin/env node
import { runProgram } from './runProgram.js';

try {
  process.exitCode = await runProgram();
} catch (error) {
  process.stderr.write(`gradis: ${error instanceof Error ? error.message : error}\n`);
  if (process.env.DEBUG) console.error(error);
  process.exitCode = 1;
}
