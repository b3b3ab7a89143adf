import { createInterface } from 'node:readline/promises';
import type { AgentQuestion, Confirmation } from '../../core/agents/context.js';
import { questionView } from '../../core/agents/prompts.js';
import { english } from '../../core/text.js';
import { report, terminalText } from '../call/output.js';

/** Longest time that a caller waits for the user, milliseconds; as long as in a window. */
const maxWaitMs = 50_000;

/** Asks the user of this terminal what agents and other terminals may do, one question after the other. */
export class TerminalQuestions {
  #last: Promise<unknown> = Promise.resolve();

  /** `agrees` answers every question with yes. */
  constructor(
    private readonly agrees: boolean,
    private readonly signal: AbortSignal,
  ) {}

  confirm(question: AgentQuestion): Promise<Confirmation> {
    const { text, detail } = questionView(question, english);
    const shown = [text, ...detail.filter((line) => line !== '')].join('\n  ');
    const answer = this.#last.then(() => this.#ask(shown));
    this.#last = answer;
    return answer;
  }

  async #ask(text: string): Promise<Confirmation> {
    if (this.agrees) {
      report(`${text}\n  Answered with yes, because of --yes.`);
      return 'accepted';
    }
    if (!process.stdin.isTTY) {
      report(`${text}\n  Answered with no, because this is not a terminal. To answer with yes, use --yes.`);
      return 'refused';
    }
    const lines = createInterface({ input: process.stdin, output: process.stderr });
    try {
      const signal = AbortSignal.any([this.signal, AbortSignal.timeout(maxWaitMs)]);
      return /^y(?:es)?$/i.test((await lines.question(`${terminalText(text)}\n  [y/N] `, { signal })).trim())
        ? 'accepted'
        : 'refused';
    } catch {
      return 'unanswered';
    } finally {
      lines.close();
    }
  }
}
