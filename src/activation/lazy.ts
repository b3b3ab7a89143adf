/** A part of the extension that is made when it is first needed. */
export class Late<Part> {
  /** Resolves when somebody has needed the part and it is there; asks for nothing. */
  readonly made: Promise<Part>;
  #tell: (part: Part) => void = () => undefined;
  #part: Promise<Part> | undefined;

  constructor(private readonly make: () => Promise<Part>) {
    this.made = new Promise((resolve) => {
      this.#tell = resolve;
    });
  }

  /** The one part, made by the first call. Rejects when it cannot be made. */
  readonly get = (): Promise<Part> => {
    this.#part ??= this.#make();
    return this.#part;
  };

  /** The part, if anybody has needed it. */
  get begun(): Promise<Part> | undefined {
    return this.#part;
  }

  async #make(): Promise<Part> {
    const part = await this.make();
    this.#tell(part);
    return part;
  }
}
