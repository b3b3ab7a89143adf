/** A part of the extension that is made when it is first needed. */
export class Lazy<Part> {
  /** Resolves when somebody has needed the part and it is there; asks for nothing. */
  readonly value: Promise<Part>;
  #resolve: (part: Part) => void = () => undefined;
  #part: Promise<Part> | undefined;

  constructor(private readonly make: () => Promise<Part>) {
    this.value = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  /** The one part, made by the first call. Rejects when it cannot be made. */
  readonly get = (): Promise<Part> => {
    this.#part ??= this.#make();
    return this.#part;
  };

  /** The part, if anybody has needed it. */
  get peek(): Promise<Part> | undefined {
    return this.#part;
  }

  async #make(): Promise<Part> {
    const part = await this.make();
    this.#resolve(part);
    return part;
  }
}
