// `pnpm pack:check`: packs every package and looks for what its users would trip over. Needs a build.
import { packageProblems } from './packageProblems.mjs';
import { packPackages } from './packPackages.mjs';

const packages = await packPackages();
const problems = (await Promise.all(packages.map(packageProblems))).flat();
for (const problem of problems) console.error(problem);
console.log(`${packages.length} packages packed, ${problems.length} problems.`);
process.exitCode = problems.length === 0 ? 0 : 1;
