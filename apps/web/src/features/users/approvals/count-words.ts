/** `2 requests`; `100 or more requests` where not all were counted. */
export function requests(counted: number, isCut = false): string {
  if (isCut) return `${counted} or more requests`;
  return counted === 1 ? '1 request' : `${counted} requests`;
}

/** The same with their verb: `1 request waits`. */
export function requestsWait(counted: number, isCut: boolean): string {
  return `${requests(counted, isCut)} ${counted === 1 && !isCut ? 'waits' : 'wait'}`;
}
