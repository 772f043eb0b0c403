import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseEncoder } from '../../model/extract/encoder-file.ts';
import { parseStyle } from '../../model/style.ts';
import { startBackend } from '../../model/train/backend.ts';
import { parseWeights } from '../../model/weights.ts';

const FOLDER = 'bench/unheard';
const HEARD = ['headroom-c3-close', 'headroom-c3-decca', 'salamander-c5', 'steinhoff-upright', 'vcsl-upright-yamaha', 'ydp-disklavier'];

test('the model that never heard three pianos is whole, the shipped one without its knocks and its slowest attacks, and has the styles of the other six', async () => {
  const weights = parseWeights(readFileSync(join(FOLDER, 'model.safetensors')), FOLDER);
  const { spec } = parseWeights(readFileSync('model/pretrained/model.safetensors'), 'shipped');
  expect(weights.spec).toEqual({ ...spec, strings: { ...spec.strings, attackRange: 1.5 }, knock: { ...spec.knock, waves: 0 } });
  await startBackend('wasm');
  expect(parseEncoder(readFileSync(join(FOLDER, 'encoder.safetensors')), weights.spec, FOLDER).size).toBeGreaterThan(0);
  const styles = readdirSync(join(FOLDER, 'styles')).filter((file) => file !== 'index.json');
  expect(styles.map((file) => parseStyle(readFileSync(join(FOLDER, 'styles', file), 'utf8'), file)).map(({ id, model }) => [id, model])).toEqual(HEARD.map((id) => [id, weights.spec.id]));
});
