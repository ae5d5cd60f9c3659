import { afterEach, describe, expect, it } from 'vitest';
import { createGlobalGuard } from './global-guard.ts';

const shared = globalThis as Record<string, unknown>;
const undo: Array<() => void> = [];
afterEach(() => {
  for (const step of undo.splice(0)) step();
});

describe('createGlobalGuard', () => {
  it('sees nothing where nothing changed, also when a lazy global is used for the first time', () => {
    const guard = createGlobalGuard();
    expect(new TextDecoderStream()).toBeDefined();
    expect(new BroadcastChannel('x').close()).toBeUndefined();
    expect(guard.isTouched()).toBe(false);
  });

  it('sees a new global', () => {
    const guard = createGlobalGuard();
    shared.left = 1;
    undo.push(() => delete shared.left);
    expect(guard.isTouched()).toBe(true);
  });

  it('sees a replaced function, and that it was put back', () => {
    const guard = createGlobalGuard();
    const { parse } = JSON;
    JSON.parse = () => 'patched';
    const touched = guard.isTouched();
    JSON.parse = parse;
    expect([touched, guard.isTouched()]).toEqual([true, false]);
  });

  it('sees a replaced lazy global', () => {
    const guard = createGlobalGuard();
    const before = Object.getOwnPropertyDescriptor(globalThis, 'CompressionStream');
    Object.defineProperty(globalThis, 'CompressionStream', { value: Array, configurable: true, writable: true });
    undo.push(() => before && Object.defineProperty(globalThis, 'CompressionStream', before));
    expect(guard.isTouched()).toBe(true);
  });

  it('watches an object that was added later', () => {
    const guard = createGlobalGuard();
    const module: Record<string, unknown> = { call: () => 1 };
    guard.add(module);
    expect(guard.isTouched()).toBe(false);
    module.call = () => 2;
    expect(guard.isTouched()).toBe(true);
  });
});
