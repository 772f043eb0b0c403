import { expect, test } from 'vitest';
import { ComputerKeys } from '../../ui/computer-keys.ts';

test('two rows of keys play an octave each, by their place on the board', () => {
  const keys = new ComputerKeys();
  const row = ['KeyZ', 'KeyS', 'KeyX', 'KeyD', 'KeyC', 'KeyV', 'KeyG', 'KeyB', 'KeyH', 'KeyN', 'KeyJ', 'KeyM'];
  const upper = ['KeyQ', 'Digit2', 'KeyW', 'Digit3', 'KeyE', 'KeyR', 'Digit5', 'KeyT', 'Digit6', 'KeyY', 'Digit7', 'KeyU'];
  const notes = [...row, ...upper].map((code) => keys.down(code));
  expect(notes).toEqual(Array.from({ length: 24 }, (_, i) => ({ type: 'strike', note: 48 + i })));
});

test('a key that is held does not strike again', () => {
  const keys = new ComputerKeys();
  keys.down('KeyZ');
  expect(keys.down('KeyZ')).toBeUndefined();
  expect(keys.up('KeyZ')).toBe(48);
  expect(keys.up('KeyZ')).toBeUndefined();
});

test('a key held over an octave shift releases the note that it struck', () => {
  const keys = new ComputerKeys();
  keys.down('KeyZ');
  expect(keys.down('BracketRight')).toEqual({ type: 'shift' });
  expect(keys.down('KeyX')).toEqual({ type: 'strike', note: 62 });
  expect(keys.up('KeyZ')).toBe(48);
});

test('a note that two keys hold sounds until both are up', () => {
  const keys = new ComputerKeys();
  keys.down('Comma');
  keys.down('KeyQ');
  expect(keys.up('Comma')).toBeUndefined();
  expect(keys.up('KeyQ')).toBe(60);
});

test('octaves shift to the ends of the piano and no further, and no key plays beyond it', () => {
  const keys = new ComputerKeys();
  const shifts = Array.from({ length: 9 }, () => keys.down('BracketRight'));
  expect(shifts.filter((shift) => shift !== undefined)).toHaveLength(3);
  expect(keys.down('KeyI')).toEqual({ type: 'strike', note: 108 });
  expect(keys.down('KeyO')).toBeUndefined();
});

test('losing the focus releases each note once', () => {
  const keys = new ComputerKeys();
  for (const code of ['Comma', 'KeyQ', 'KeyZ']) keys.down(code);
  expect(keys.releaseAll().toSorted()).toEqual([48, 60]);
  expect(keys.releaseAll()).toEqual([]);
});

test('legends use the letters of the layout of the player where they are known', () => {
  const legends = new ComputerKeys().legends(new Map([['KeyZ', 'y']]));
  expect(legends.get(48)).toBe('Y');
  expect(legends.get(50)).toBe('X');
  expect(new ComputerKeys().legends().get(60)).toBe(',');
});

test('other keys do nothing', () => {
  const keys = new ComputerKeys();
  expect(keys.down('Escape')).toBeUndefined();
  expect(keys.up('Escape')).toBeUndefined();
});
