import type { AnyPiano } from 'anypiano';
import 'anypiano';
import { useRef, useState, type DetailedHTMLProps, type HTMLAttributes, type ReactElement } from 'react';
import { createRoot } from 'react-dom/client';

type PianoProps = DetailedHTMLProps<HTMLAttributes<AnyPiano>, AnyPiano> & Partial<Pick<AnyPiano, 'piano' | 'midi' | 'room'>>;

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'any-piano': PianoProps & { 'onpiano-note-on'?: (event: HTMLElementEventMap['piano-note-on']) => void };
    }
  }
}

function App(): ReactElement {
  const piano = useRef<AnyPiano>(null);
  const [last, setLast] = useState<number>();
  return (
    <>
      <any-piano ref={piano} piano="upright-kw" midi="all" onpiano-note-on={({ detail }) => setLast(detail.note)} />
      <button onClick={() => piano.current?.noteOn(60)}>Middle C</button>
      <p>{last === undefined ? 'Play something.' : `Last key: ${last}`}</p>
    </>
  );
}

createRoot(document.querySelector('#root')!).render(<App />);
