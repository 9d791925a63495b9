/** Letters of other scripts that look like one of a to z (from Unicode's confusables.txt, those of Cyrillic, Greek and Armenian). */
const twins = new Map(
  Object.entries({
    a: 'аαɑ',
    b: 'Ьв',
    c: 'сϲ',
    d: 'ԁ',
    e: 'еє',
    g: 'ɡԍ',
    h: 'һн',
    i: 'іıι',
    j: 'јϳ',
    k: 'кκ',
    l: 'ӏ',
    m: 'м',
    n: 'пո',
    o: 'оοօσ',
    p: 'рρ',
    q: 'ԛ',
    s: 'ѕ',
    t: 'тτ',
    u: 'υս',
    v: 'ѵν',
    w: 'ԝω',
    x: 'хχ',
    y: 'уγ',
    z: 'ᴢ',
  }).flatMap(([letter, others]) => [...others].map((other) => [other, letter] as const)),
);

/** A text as the eye takes it: compatibility forms and letters of other scripts become the plain letters they look like. */
export function lookAlikeFold(text: string): string {
  // Nearly every address is plain, and this runs a million times.
  if (/^[\u0020-\u007e]*$/.test(text)) return text.toLowerCase();
  const folded = text
    .normalize('NFKD')
    .replaceAll(/[\p{M}\p{Cf}]/gu, '')
    .toLowerCase();
  return [...folded].map((letter) => twins.get(letter) ?? letter).join('');
}
