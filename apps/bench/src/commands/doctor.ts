import type { BackendName } from '@gradis/backends';
import { examine } from '../doctor/examine.js';
import { measureApart } from '../doctor/measureApart.js';
import { measureBackend } from '../doctor/measureBackend.js';
import { renderHealth } from '../doctor/renderHealth.js';

/** Flags of `gradis doctor`. */
export interface DoctorFlags {
  /** Look at this backend alone, in this process. */
  only?: BackendName;
  threads?: number;
  json: boolean;
}

/** What `gradis doctor` prints. */
export async function doctor({ only, threads, json }: DoctorFlags): Promise<string> {
  const asJson = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
  if (only) return asJson(await measureBackend(only, { threads }));
  const program = process.argv[1] as string;
  const health = await examine(
    (backend) => measureApart(program, backend, { threads }),
    (message) => process.stderr.write(`${message}\n`),
  );
  return json ? asJson(health) : renderHealth(health);
}
