/** Holds tasks until it is their turn. `Scheduler` of fast-check is one, which also shrinks what fails but takes longer. */
export interface TaskQueue {
  /** Settles like the task, when it is its turn. */
  schedule<Result>(task: Promise<Result>, label?: string): Promise<Result>;
}

interface Task {
  readonly label: string;
  readonly release: () => Promise<void>;
}

/** Share of the turns after which the promises that a task has settled have not continued yet. */
const hurriedTurns = 0.25;

/** Releases tasks in a random order, which the seed decides. */
export class RandomOrder implements TaskQueue {
  readonly #tasks: Task[] = [];
  readonly #released: string[] = [];

  constructor(private state: number) {}

  /** Number of tasks that wait for their turn. */
  get count(): number {
    return this.#tasks.length;
  }

  /** Labels of the released tasks. */
  get history(): readonly string[] {
    return this.#released;
  }

  /** Adds a line to the history. */
  note(line: string): void {
    this.#released.push(line);
  }

  schedule<Result>(task: Promise<Result>, label = ''): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#tasks.push({ label, release: () => task.then(resolve, reject) });
    });
  }

  /** Releases one task, if there is one. */
  async turn(): Promise<void> {
    const [task] = this.#tasks.splice(Math.floor(this.#random() * this.#tasks.length), 1);
    if (!task) return settle();
    this.#released.push(task.label);
    await task.release();
    if (this.#random() >= hurriedTurns) await settle();
  }

  /** Releases tasks until none follows. */
  async rest(): Promise<void> {
    do {
      while (this.#tasks.length > 0) await this.turn();
      await settle();
    } while (this.#tasks.length > 0);
  }

  /** Returns a number from 0 to 1, 1 excluded: the generator mulberry32. */
  #random(): number {
    this.state = (this.state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
}

/** Resolves when all promises have continued, and what they send is on its way. */
function settle(): Promise<void> {
  return new Promise((resolve) => {
    process.nextTick(() => process.nextTick(resolve));
  });
}
