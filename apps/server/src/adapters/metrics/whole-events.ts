/** Rounds growth to whole events without losing any on the way: what is cut off is carried to the next minute. */
export function carry(): (delta: number) => number {
  let exact = 0;
  let given = 0;
  return (delta) => {
    exact += delta;
    const whole = Math.round(exact) - given;
    given += whole;
    return whole;
  };
}
