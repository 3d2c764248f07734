/**
 * 32 bits that look random but depend on two integers alone: Weyl steps of splitmix, finished by MurmurHash3's mixer.
 *
 * @param key An integer in [0, 2³²); a hash, to chain values.
 * @param value An integer; its lower 32 bits count.
 * @returns An integer in [0, 2³²).
 */
export function hash32(key: number, value: number): number {
  let h = (key + Math.imul(value, 0x9e3779b9)) | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
