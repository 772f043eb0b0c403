/** The report for people: each figure beside its bar. */
import type { Distribution } from './distribution.ts';
import type { Underruns } from './live.ts';
import { BARS, MOST_LOST_SECONDS, waveNetSpread, wasDisturbed, type EngineReport, type RateReport } from './report.ts';
import { percent, type Row, type Section } from './table.ts';
import type { Quanta } from './tracing.ts';

const times = (factor: number): string => `${factor.toFixed(1)} times real time`;
const many = (count: number | string, what: string): string => `${count} ${what}${Number(count) === 1 ? '' : 's'}`;
const notes = (count: number | string): string => many(count, 'note');
const kilohertz = (rate: number | string): string => `${Number(rate) / 1000} kHz`;

function speedRow(what: string, factor: number, isBar: boolean, voices?: number): Row {
  const sounding = voices === undefined ? '' : ` (${many(voices, 'voice')})`;
  const bar = { text: `at least ${BARS.realTimeFactor}`, met: factor >= BARS.realTimeFactor };
  return { what, measured: `${times(factor)}, ${percent(1 / factor)} of each block${sounding}`, ...(isBar && { bar }) };
}

function speed({ offline, rates, render }: EngineReport): Section {
  const rows = Object.entries(offline).map(([count, run]) => speedRow(notes(count), run.realTimeFactor, Number(count) === BARS.notes, run.voices));
  for (const [rate, { realTimeFactor }] of Object.entries(rates)) {
    if (rate !== '48000') rows.push(speedRow(`${notes(BARS.notes)} at ${kilohertz(rate)}`, realTimeFactor, false));
  }
  const bar = { text: `at least ${BARS.render}`, met: render >= BARS.render };
  rows.push({ what: 'anypiano render in Node, 16 notes', measured: times(render), bar });
  return { title: 'Speed off line, at 48 kHz', rows };
}

/** Underruns, and whether the clock fell behind besides. */
function counted({ underruns, lostSeconds }: Underruns): string {
  const lost = lostSeconds > MOST_LOST_SECONDS ? ` (clock ${lostSeconds.toFixed(1)} s behind)` : '';
  return `${many(underruns ?? 'uncounted', 'underrun')}${lost}`;
}

function live(rate: string, { live: { dense, storm, memoryGrowthBytes } }: RateReport): Section {
  const rows = Object.entries({ dense, 'dense under a storm': storm }).flatMap(([name, run]): Row[] => {
    const messages = run.stormMessages === 0 ? '' : `, ${(run.stormMessages / run.seconds).toFixed(0)} messages a second`;
    const economy = run.economy === 0 ? 'nothing left out' : `left out up to step ${run.economy} of 8`;
    return [
      {
        what: name,
        measured: `${counted(run)} in ${run.seconds.toFixed(0)} s, ${run.voices.toFixed(0)} voices (most ${run.mostVoices})${messages}`,
        bar: { text: 'none', met: run.underruns === BARS.underruns },
      },
      { what: '  load as the piano reports it', measured: `${percent(run.load)}, worst second ${percent(run.worstLoad)}; ${economy}` },
    ];
  });
  rows.push({ what: 'memory of page and audio thread', measured: `grew by ${memoryGrowthBytes} bytes` });
  return { title: `Live at ${kilohertz(rate)}`, rows };
}

function quantumRow(what: string, { median, p999, worst }: Distribution): Row {
  return { what, measured: `median ${percent(median)}, 99.9th percentile ${percent(p999)}, worst ${percent(worst)}` };
}

function quanta(rate: string, { live: { quanta: traced } }: RateReport): Section {
  const rows = Object.entries({ dense: traced.dense, storm: traced.storm } satisfies Record<string, Quanta | undefined>).flatMap(([name, found]): Row[] => {
    if (found === undefined) return [{ what: name, measured: 'this browser does not trace the audio thread' }];
    const { wall, cpu, thread, interrupted } = found;
    const bar = { text: '99.9 % under 100 %', met: (cpu ?? wall).p999 < 1 };
    const rest = `${wall.count} quanta, ${interrupted ?? 'uncounted'} interrupted by others`;
    return [
      { ...quantumRow(cpu ? `${name}, in processor time` : `${name}, by the clock`, cpu ?? wall), bar },
      ...(cpu ? [quantumRow('  by the clock', wall)] : []),
      { what: '  whole audio thread', measured: `${thread === undefined ? 'unknown' : percent(thread)} of a core; ${rest}` },
    ];
  });
  return { title: `Share of the render quantum that process takes, at ${kilohertz(rate)}, traced`, rows };
}

function frames(what: string, { median, worst, least }: Distribution): Row {
  const bar = { text: `0 to ${BARS.latencyFrames}`, met: least >= 0 && worst <= BARS.latencyFrames };
  return { what, measured: `median ${median}, worst ${many(worst, 'frame')}`, bar };
}

function latency({ rates, liveLatency: { timedFrames, untimedMilliseconds, outputMilliseconds } }: EngineReport): Section {
  const rows = Object.entries(rates).flatMap(([rate, { latency: { firstSound, audible, stated } }]): Row[] => [
    frames(`off line at ${kilohertz(rate)}, ${firstSound.count} strikes`, firstSound),
    frames(`  to 60 dB under the peak; stated ${stated.toFixed(0)}`, audible),
  ]);
  const { median, worst } = untimedMilliseconds;
  rows.push(frames(`live at 48 kHz, ${timedFrames.count} strikes`, timedFrames), {
    what: 'noteOn without a time to its block',
    measured: `median ${median.toFixed(1)} ms, worst ${worst.toFixed(1)} ms; then ${outputMilliseconds.toFixed(0)} ms of the browser's output`,
  });
  return { title: 'From the time of an event to its first sound', rows };
}

function waveNetSection({ waveNet }: EngineReport): Section {
  const rows: Row[] = Object.entries(waveNet).map(([count, { whole, waveNet: own, voices }]) => ({
    what: notes(count),
    measured: `${percent(own, 2)} of each block, of ${percent(whole, 2)} in all (${many(voices, 'voice')})`,
  }));
  const spread = waveNetSpread(waveNet);
  rows.push({
    what: 'dearest over cheapest',
    measured: spread.toFixed(2),
    bar: { text: `at most ${BARS.waveNetSpread}`, met: spread <= BARS.waveNetSpread },
  });
  return { title: "The WaveNet's part, by the same notes without it", rows };
}

function silenceSection({ silence: { playing, ringing, silent } }: EngineReport): Section {
  const row = (what: string, seconds: number, most: number): Row => {
    const ratio = seconds / playing;
    return { what, measured: `${ratio.toFixed(2)} of a minute of playing`, bar: { text: `at most ${most}`, met: ratio <= most } };
  };
  return {
    title: 'A minute after a minute of playing, off line',
    rows: [row('tails under the pedal', ringing, BARS.tails), row('pedal up: silence', silent, BARS.silence)],
  };
}

function startUpSection({ startUp }: EngineReport): Section {
  const milliseconds = (what: string, value: number): Row => ({ what, measured: `${value.toFixed(value < 10 ? 1 : 0)} ms` });
  const rows = [
    milliseconds('script has come', startUp.script),
    milliseconds('weights have come', startUp.weights),
    milliseconds('kernel compiles, for', startUp.kernelCompile),
    milliseconds('piano is ready', startUp.ready),
    milliseconds('first sound', startUp.firstSound),
  ];
  return { title: 'Start-up of a page with <any-piano>, since navigation, median', rows };
}

function disturbance(report: EngineReport): Section {
  const { control } = report;
  return {
    title: 'The machine',
    rows: [
      { what: 'an idle context before and after', measured: `${counted(control.before)}, ${counted(control.after)}, in ${control.seconds.toFixed(0)} s each` },
      { what: 'other programs', measured: wasDisturbed(report) ? 'disturbed this run: underruns may be theirs' : 'did not disturb this run' },
    ],
  };
}

/** The report for people, part by part. */
export function sectionsOf(report: EngineReport): Section[] {
  const perRate = Object.entries(report.rates).flatMap(([rate, found]) => [live(rate, found), quanta(rate, found)]);
  return [speed(report), ...perRate, latency(report), waveNetSection(report), silenceSection(report), startUpSection(report), disturbance(report)];
}
