/** The Redis real suites run on, or null when nothing asks for one: QD_TEST_STORES=real or TEST_REDIS_URL does. */
export function testRedisUrl(): string | null {
  const given = process.env['TEST_REDIS_URL'];
  if (given) return given;
  return process.env['QD_TEST_STORES'] === 'real' ? 'redis://127.0.0.1:6379' : null;
}
