// `pnpm arrows`: fails if a package uses another one that the architecture gives it no arrow to.
import { fileURLToPath } from 'node:url';
import { arrowViolations } from './arrowViolations.mjs';

const violations = arrowViolations(fileURLToPath(new URL('../..', import.meta.url)));
for (const violation of violations) console.error(violation);
console.log(violations.length === 0 ? 'Every dependency follows an arrow.' : `${violations.length} without an arrow.`);
process.exitCode = violations.length === 0 ? 0 : 1;
