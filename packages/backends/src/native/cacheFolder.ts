import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/**
 * Folder for what was fetched and can be fetched again: `GRADIS_CACHE`, or else where the caches of a user are on this
 * system.
 */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env, platform = process.platform): string {
  if (env.GRADIS_CACHE) return resolve(env.GRADIS_CACHE);
  if (platform === 'win32') return join(env.LOCALAPPDATA || join(homedir(), 'AppData', 'Local'), 'gradis', 'Cache');
  if (platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'gradis');
  return join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'gradis');
}
