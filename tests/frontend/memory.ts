/** A localStorage for tests, and a model whose changes its view hears. */

/** Puts a storage in the place of the real one; gives what it holds, and a way back. */
export function openMemory(storage?: Partial<Storage>) {
  const held = new Map<string, string>();
  const real = Object.getOwnPropertyDescriptor(globalThis, "localStorage");
  const value = storage ?? {
    getItem: (key: string) => held.get(key) ?? null,
    setItem: (key: string, value: string) => void held.set(key, value),
  };
  Object.defineProperty(globalThis, "localStorage", { configurable: true, get: () => value });
  return {
    held,
    restore() {
      if (real) Object.defineProperty(globalThis, "localStorage", real);
    },
  };
}

/** A model with these traits. */
export function createModel<T extends object>(values: T) {
  const heard = new Map<string, (() => void)[]>();
  const sent: Record<string, unknown>[] = [];
  const model = {
    get: (name: keyof T) => values[name],
    set: (name: keyof T, value: never) => values[name] = value,
    save_changes: () => {},
    send: (content: Record<string, unknown>) => sent.push(content),
    on: (name: string, call: () => void) => heard.set(name, [...heard.get(name) ?? [], call]),
    off: (name: string, call: () => void) =>
      heard.set(name, heard.get(name)!.filter((one) => one !== call)),
  };
  return {
    model,
    sent,
    values,
    change(changes: Partial<T>) {
      Object.assign(values, changes);
      Object.keys(changes).forEach((name) =>
        heard.get(`change:${name}`)?.forEach((call) => call())
      );
    },
    listening: () => [...heard.values()].flat().length,
  };
}
