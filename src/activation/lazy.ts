/** Part of the extension that is created on first use. */
export class Lazy<Part> {
  /** Resolves when the part has been created; does not create it. */
  readonly value: Promise<Part>;
  #resolve: (part: Part) => void = () => undefined;
  #part: Promise<Part> | undefined;

  constructor(private readonly make: () => Promise<Part>) {
    this.value = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  /** Returns the only instance, which the first call creates. Rejects if it cannot be created; the next call tries again. */
  readonly get = (): Promise<Part> => {
    this.#part ??= this.#make();
    return this.#part;
  };

  /** The instance if a caller has requested it, and it could be created. */
  get peek(): Promise<Part> | undefined {
    return this.#part;
  }

  async #make(): Promise<Part> {
    try {
      const part = await this.make();
      this.#resolve(part);
      return part;
    } catch (error) {
      this.#part = undefined;
      throw error;
    }
  }
}
