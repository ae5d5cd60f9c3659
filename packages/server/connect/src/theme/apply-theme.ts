import type { ConnectTheme } from '@tenon/runtime/contract';
import { readableOn, surfaces, textColorOn } from './readable-color.ts';

/**
 * Sets what the stylesheet leaves to the project. Properties are set through the object model, which a content
 * security policy without `unsafe-inline` allows; style attributes in the markup would be refused.
 */
export function applyTheme(root: HTMLElement, theme: ConnectTheme): void {
  root.style.setProperty('--radius', `${theme.radius}px`);
  if (theme.colorScheme === 'auto') delete root.dataset['scheme'];
  else root.dataset['scheme'] = theme.colorScheme;
  if (theme.accentColor === undefined) return;
  root.style.setProperty('--accent', theme.accentColor);
  root.style.setProperty('--on-accent', textColorOn(theme.accentColor));
  root.style.setProperty('--accent-text-light', readableOn(surfaces.light, theme.accentColor));
  root.style.setProperty('--accent-text-dark', readableOn(surfaces.dark, theme.accentColor));
}
