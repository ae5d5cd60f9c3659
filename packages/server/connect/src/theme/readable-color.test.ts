import { describe, expect, it } from 'vitest';
import { contrastOf, readableOn, surfaces, textColorOn } from './readable-color.ts';

const accents = ['#ffffff', '#000000', '#ffe100', '#3355ff', '#777777', '#ff0000', '#00ff00', '#7f7f00'];

describe('readable colours', () => {
  it('measures contrast as WCAG does', () => {
    expect(contrastOf('#000000', '#ffffff')).toBeCloseTo(21, 5);
    expect(contrastOf('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
  });

  it.each(accents)('finds text that can be read on %s, and a shade of it that can be read on both cards', (accent) => {
    expect(contrastOf(textColorOn(accent), accent)).toBeGreaterThanOrEqual(4.5);
    for (const surface of Object.values(surfaces)) {
      expect(contrastOf(readableOn(surface, accent), surface)).toBeGreaterThanOrEqual(4.5);
    }
  });

  it('leaves a colour alone that can be read already', () => {
    expect(readableOn(surfaces.light, '#0a5d3b')).toBe('#0a5d3b');
  });
});
