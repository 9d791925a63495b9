import { StatusWord } from '../../ui/status-word.tsx';
import type { Look } from './person-words.ts';

/** A look as shape, colour and word; plain text where nothing asks for attention. */
export function LookWord({ look }: { look: Look }) {
  if (look.tone === null) return <span className="text-ink-2">{look.word}</span>;
  return (
    <StatusWord tone={look.tone} glyph={look.glyph}>
      {look.word}
    </StatusWord>
  );
}
