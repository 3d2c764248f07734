/** How a method looks in every chart: a colour and, for those who cannot tell colours apart, a dash pattern. */
export interface MethodStyle {
  color: string;
  dashes: string;
}

/**
 * Okabe and Ito's palette, without yellow and with the text colour for the baseline; lighter on a dark ground.
 * Okabe & Ito, Color Universal Design, 2008.
 */
export const METHOD_COLORS = [
  { light: '#3c3c3c', dark: '#e6e6e6' },
  { light: '#0072b2', dark: '#56b4e9' },
  { light: '#d55e00', dark: '#ff8c42' },
  { light: '#009e73', dark: '#2fc79a' },
  { light: '#b9588f', dark: '#e29ac4' },
  { light: '#c98a00', dark: '#f0c04a' },
  { light: '#3d94c9', dark: '#9cd3f5' },
];

const DASHES = ['none', '7 3', '2 3', '9 3 2 3', '4 2', '1 4', '12 4'];

/** Style of the method at this place of the comparison; with more methods than colours, the two go out of step. */
export function methodStyle(index: number): MethodStyle {
  const round = Math.floor(index / METHOD_COLORS.length);
  return {
    color: `var(--method-${index % METHOD_COLORS.length})`,
    dashes: DASHES[(index + round) % DASHES.length]!,
  };
}
