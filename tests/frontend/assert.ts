/** Assertions for the front-end tests, so that no test library is needed. */

export function assert(value: unknown, message = "expected a true value"): asserts value {
  if (!value) throw new Error(message);
}

export function assertEquals(actual: unknown, expected: unknown): void {
  const [a, b] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (a !== b) throw new Error(`expected ${b}, got ${a}`);
}
