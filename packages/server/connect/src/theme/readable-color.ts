type Rgb = readonly [red: number, green: number, blue: number];

/** The page's card in both schemes; styles/tokens.css has the same values. */
export const surfaces = { light: '#ffffff', dark: '#1a1c22' } as const;

/** @param hex such as `#3355ff` */
function toRgb(hex: string): Rgb {
  const value = Number.parseInt(hex.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

function toHex(rgb: Rgb): string {
  return `#${rgb.map((part) => Math.round(part).toString(16).padStart(2, '0')).join('')}`;
}

/** Relative luminance, 0 to 1 (WCAG 2.2, section "relative luminance"). */
function luminance(rgb: Rgb): number {
  const [red, green, blue] = rgb.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Contrast of two colours, 1 to 21 (WCAG 2.2). */
export function contrastOf(one: string, other: string): number {
  const [light, dark] = [luminance(toRgb(one)), luminance(toRgb(other))].sort((a, b) => b - a) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

/** White or black, whichever is read better on the colour; one of them always has 4.5 or more. */
export function textColorOn(background: string): string {
  return contrastOf('#ffffff', background) >= 4.5 ? '#ffffff' : '#000000';
}

/**
 * The colour, moved toward black or white until it can be read on the surface.
 * @param least contrast; 4.5 is WCAG's AA for text
 */
export function readableOn(surface: string, color: string, least = 4.5): string {
  const goal: Rgb = luminance(toRgb(surface)) > 0.4 ? [0, 0, 0] : [255, 255, 255];
  const from = toRgb(color);
  for (let share = 0; share < 1; share += 0.04) {
    const mixed = toHex(from.map((part, index) => part + ((goal[index] ?? 0) - part) * share) as unknown as Rgb);
    if (contrastOf(mixed, surface) >= least) return mixed;
  }
  return toHex(goal);
}
