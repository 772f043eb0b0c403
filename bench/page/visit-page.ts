/** Runs in the page before its own scripts: tells on the console where a key lies, and when it was pressed and heard. */
import type { AnyPiano } from '../../ui/any-piano.ts';
import { ONSET_PROCESSOR, type Onset } from '../engine/onset-processor.ts';
import { READY_MARK } from './loading.ts';
import { LISTENER, VISIT_MARK, type VisitNews } from './visit-news.ts';

const NOTE = 60;

const tell = (news: VisitNews): void => console.log(VISIT_MARK + JSON.stringify(news));

addEventListener('piano-ready', (event) => void listen(event.target as AnyPiano), { once: true });

async function listen(piano: AnyPiano): Promise<void> {
  const ready = performance.now();
  performance.mark(READY_MARK);
  const node = piano.node!;
  const context = node.context as AudioContext;
  await context.audioWorklet.addModule(LISTENER);
  const listener = new AudioWorkletNode(context, ONSET_PROCESSOR, { numberOfOutputs: 0 });
  node.connect(listener);
  let pressed = 0;
  let asleep = false;
  const onPress = ({ timeStamp }: Event): void => {
    pressed = timeStamp;
    asleep = context.state === 'suspended';
  };
  addEventListener('pointerdown', onPress, { capture: true });
  listener.port.onmessage = ({ data }: MessageEvent<Onset>): void => {
    tell({
      type: 'heard',
      asleep,
      clickToSound: data.wallMilliseconds - performance.timeOrigin - pressed,
      ready,
    });
  };
  const keys = piano.renderRoot.querySelector('piano-keyboard')!;
  const { left, width, bottom } = keys.renderRoot.querySelector(`[data-note="${NOTE}"]`)!.getBoundingClientRect();
  tell({ type: 'ready', x: left + width / 2, y: bottom - 20 });
}
