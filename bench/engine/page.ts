/** What the page under test can be asked to do. */
import { liveLatency, offlineLatency } from './latency.ts';
import { playLive, playNothing, startLive } from './live.ts';
import { playOffline, playStretches } from './offline.ts';
import { silenceCost } from './silence.ts';
import { waveNetLoads } from './wavenet-load.ts';

const enginePage = { playOffline, playStretches, waveNetLoads, silenceCost, offlineLatency, liveLatency, playNothing, startLive, playLive };
export type EnginePage = typeof enginePage;
Object.assign(globalThis, { enginePage });
