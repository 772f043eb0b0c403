/**
 * The WaveNet as a generator: each row draws a sample, which enters the next row.
 *
 * Samples come from a mixture of logistic distributions (Salimans et al. 2017). Random numbers are
 * xorshift32 (Marsaglia 2003), two for each sample: so a seed gives the same sound on every machine.
 */
import { Net } from './net';
import { step } from './step';

/** Smallest logarithm of a spread. */
const NARROWEST: f32 = -7;
/** What is drawn stays within these bounds. */
const LIMIT: f32 = 8;

/** A generator; addresses in bytes. */
@unmanaged
export class Generator {
  net: usize;
  components: i32;
  /** State of the random numbers, never 0. */
  random: i32;
  /** The sample before. */
  last: f32;
  /** 1 draws as was learned, 0 takes the likeliest distribution's mean. */
  temperature: f32;
  /** `[net.inputs]` */
  input: usize;
  /** `[3 * components, rounded up to 4]`: logits, means, logarithms of the spreads. */
  output: usize;
}

/**
 * Draws `rows` samples to `samples`.
 *
 * @param beside for each row the inputs that follow the sample before, `[rows][net.inputs - 1]`
 * @returns samples drawn; fewer than `rows` where one was not a number, which leaves the queues useless
 */
export function generate(address: usize, beside: usize, samples: usize, rows: i32): i32 {
  const generator = changetype<Generator>(address);
  const net = changetype<Net>(generator.net);
  const others = <usize>(net.inputs - 1) << 2;
  for (let row = 0; row < rows; row++) {
    store<f32>(generator.input, generator.last);
    memory.copy(generator.input + 4, beside, others);
    beside += others;
    step(net, generator.input, generator.output);
    const sample = draw(generator);
    if (!(Mathf.abs(sample) <= LIMIT)) return row;
    generator.last = sample;
    store<f32>(samples, sample);
    samples += 4;
  }
  return rows;
}

/** One sample, within the bounds or not a number. */
function draw(generator: Generator): f32 {
  const components = generator.components;
  const logits = generator.output;
  const means = logits + (<usize>components << 2);
  const spreads = means + (<usize>components << 2);
  const which = uniform(generator);
  const quantile = uniform(generator);
  const chosen = <usize>choose(logits, components, which) << 2;
  const spread = Mathf.exp(max(load<f32>(spreads + chosen), NARROWEST));
  const sample = load<f32>(means + chosen) + generator.temperature * spread * Mathf.log(quantile / (1 - quantile));
  return sample > LIMIT ? LIMIT : sample < -LIMIT ? -LIMIT : sample;
}

/** Index of a component, drawn by their logits. */
function choose(logits: usize, components: i32, which: f32): i32 {
  let highest: f32 = load<f32>(logits);
  for (let k = 1; k < components; k++) highest = max(highest, load<f32>(logits + (<usize>k << 2)));
  let total: f32 = 0;
  for (let k = 0; k < components; k++) total += Mathf.exp(load<f32>(logits + (<usize>k << 2)) - highest);
  let rest = which * total;
  for (let k = 0; k < components - 1; k++) {
    rest -= Mathf.exp(load<f32>(logits + (<usize>k << 2)) - highest);
    if (rest < 0) return k;
  }
  return components - 1;
}

/** Between 0 and 1, neither of them. */
function uniform(generator: Generator): f32 {
  let x = generator.random;
  x ^= x << 13;
  x ^= x >>> 17;
  x ^= x << 5;
  generator.random = x;
  return (<f32>(x >>> 9) + 0.5) * (1.0 / 8388608.0);
}
