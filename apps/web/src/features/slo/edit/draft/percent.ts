const DOUBLE_DIGITS = 17;

/** A percentage as a ratio, the double nearest to the decimal: 99.9 is 0.999, which `99.9 / 100` is not. */
export function ratioOf(percent: number): number {
  const text = String(percent);
  return text.includes('e') ? percent / 100 : Number(`${text}e-2`);
}

/** The shortest percentage that `ratioOf` reads back as the same ratio. */
export function percentText(ratio: number): string {
  for (let digits = 1; digits < DOUBLE_DIGITS; digits += 1) {
    const percent = Number((ratio * 100).toPrecision(digits));
    if (ratioOf(percent) === ratio) return String(percent);
  }
  return String(ratio * 100);
}
