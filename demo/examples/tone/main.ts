/** The piano as one instrument among others: Tone.js keeps time and adds an echo. */
import { PianoNode, loadPiano } from 'anypiano/node';
import * as Tone from 'tone';

const context = new AudioContext();
Tone.setContext(context);

const button = document.querySelector('button')!;
button.addEventListener('click', () => void play(), { once: true });

async function play(): Promise<void> {
  await Tone.start();
  const piano = await PianoNode.create(context, await loadPiano('upright-kw'));
  const echo = new Tone.FeedbackDelay('8n.', 0.3).toDestination();
  Tone.connect(piano, echo);
  Tone.connect(piano, Tone.getDestination());

  const arpeggio = ['C4', 'E4', 'G4', 'B4', 'C5', 'B4', 'G4', 'E4'];
  new Tone.Sequence((time, name) => {
    const note = Tone.Frequency(name).toMidi();
    piano.noteOn(note, 0.6, time);
    piano.noteOff(note, time + 0.2);
  }, arpeggio, '8n').start();
  Tone.getTransport().start();
}
