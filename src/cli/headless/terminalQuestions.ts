import { createInterface } from 'node:readline';
import type { AgentQuestion, Confirmation } from '../../core/agents/context.js';
import { english } from '../../core/text.js';
import { report, terminalText } from '../call/output.js';

/** Maximum time that a caller waits for the user, milliseconds; as long as in a window. */
const maxWaitMs = 50_000;

/** Asks the user of this terminal about actions of agents and other terminals, one question after the other. */
export class TerminalQuestions {
  #last: Promise<unknown> = Promise.resolve();

  /** With `agrees`, every question is answered with yes. */
  constructor(
    private readonly agrees: boolean,
    private readonly signal: AbortSignal,
  ) {}

  confirm(question: AgentQuestion): Promise<Confirmation> {
    const answer = this.#last.then(async () => this.#ask(await questionText(question)));
    this.#last = answer;
    return answer;
  }

  async #ask(text: string): Promise<Confirmation> {
    if (this.agrees) {
      report(`${text}\n  Answered with yes, because of --yes.`);
      return 'accepted';
    }
    if (!process.stdin.isTTY) {
      report(`${text}\n  Not asked, because this is not a terminal. To allow it, use --yes.`);
      return 'noTerminal';
    }
    process.stderr.write(`${terminalText(text)}\n  [y/N] `);
    const line = await this.#nextLine();
    if (line === undefined) return 'unanswered';
    return /^y(?:es)?$/i.test(line.trim()) ? 'accepted' : 'refused';
  }

  /**
   * Resolves with the input of the user; with `undefined` after the timeout, or when the input or this program ends.
   */
  #nextLine(): Promise<string | undefined> {
    // Otherwise the terminal would pass Ctrl+C on as a character, which would end nothing.
    const lines = createInterface({ input: process.stdin, terminal: false });
    const over = AbortSignal.any([this.signal, AbortSignal.timeout(maxWaitMs)]);
    return new Promise((resolve) => {
      lines.once('line', resolve);
      lines.once('close', () => resolve(undefined));
      over.addEventListener('abort', () => lines.close());
      if (over.aborted) lines.close();
    }).finally(() => lines.close()) as Promise<string | undefined>;
  }
}

async function questionText(question: AgentQuestion): Promise<string> {
  const { questionView } = await import('../../core/agents/prompts.js');
  const { text, detail } = questionView(question, english);
  return [text, ...detail.filter((line) => line !== '')].join('\n  ');
}
