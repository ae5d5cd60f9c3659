import { describe, expect, it } from 'vitest';
import { createObservation } from './observation.ts';

function observationAt() {
  const clock = { now: 10 };
  return { clock, observation: createObservation({ startMs: 5, now: () => clock.now }) };
}

describe('when what is saved was observed', () => {
  it("is the run's start without any request", () => {
    expect(observationAt().observation.take()).toBe(5);
  });

  it('is the start of the earliest request since the last save', () => {
    const { clock, observation } = observationAt();
    observation.startRequest()();
    clock.now = 20;
    observation.startRequest()();
    expect(observation.take()).toBe(10);
    clock.now = 30;
    observation.startRequest()();
    expect(observation.take()).toBe(30);
    expect(observation.take()).toBe(30);
  });

  it('counts a request that is on its way for the next save too', () => {
    const { clock, observation } = observationAt();
    observation.startRequest()();
    clock.now = 20;
    const end = observation.startRequest();
    expect(observation.take()).toBe(10);
    end();
    expect(observation.take()).toBe(20);
  });

  it('is the request of the page that the script works on, the innermost one first', () => {
    const { observation } = observationAt();
    const outer = observation.startPages();
    outer.give(100);
    const inner = observation.startPages();
    inner.give(110);
    inner.give(120);
    observation.startRequest()();
    expect(observation.take()).toBe(120);
    inner.end();
    expect(observation.take()).toBe(100);
    outer.give(130);
    expect(observation.take()).toBe(130);
    outer.end();
    // What was gathered from pages and is saved at the end may be as old as the run.
    expect(observation.take()).toBe(5);
  });
});
