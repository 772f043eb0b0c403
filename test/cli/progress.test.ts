import { describe, expect, it } from 'vitest';
import { timeLeft } from '../../model/cli/progress.ts';

describe('the time left', () => {
  it.each([
    [0.25, 0.75, 10, '30 s left'],
    [0.5, 0.5, 600, '10 min left'],
    [0.2, 0.3, 40, '60 s left'],
  ])('after %f of the work, with %f to come, in %i s is %s', (done, left, seconds, text) => {
    expect(timeLeft(done, left, seconds)).toBe(text);
  });

  it('is not said where it would be a guess, nor at the end', () => {
    expect(timeLeft(0.01, 0.99, 5)).toBe('');
    expect(timeLeft(1, 0, 5)).toBe('');
  });
});
