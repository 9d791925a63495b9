/** Version of the console; equal to that of its package, which a test checks. */
export const version = '0.1.0';
