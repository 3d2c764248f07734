import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { requireRoom } from '../src/native/requireRoom.js';

describe('room on the disk', () => {
  it('is enough for nothing', async () => {
    await expect(requireRoom(tmpdir(), 0)).resolves.toBeUndefined();
  });

  it('is asked for before it is missing, with what there is and what to do', async () => {
    await expect(requireRoom(tmpdir(), 1e18)).rejects.toThrow(
      /has [\d,]+ MB left, and 1,000,000,000,000 MB are needed; make room, or choose another folder with .* GRADIS_CACHE\.$/,
    );
  });
});
