import { window, type MessageItem } from 'vscode';
import type { AgentQuestion, Confirmation } from '../../core/agents/context.js';
import { questionView, type QuestionView } from '../../core/agents/prompts.js';
import type { Logger, Timer, Translator } from '../../core/common.js';

/** An agent does not wait longer for a person, since most clients give up after a minute; milliseconds. */
const maxWaitMs = 50_000;

/** More questions than that at once would only teach a person to click them away. */
const maxOpen = 3;

export interface AgentConfirmationsDeps {
  readonly timer: Timer;
  readonly log: Logger;
  readonly l10n: Translator;
}

/** Asks the person at the window what an agent may do. The same question is asked once, however many want its answer. */
export class AgentConfirmations {
  readonly #open = new Map<string, Promise<Confirmation>>();

  constructor(private readonly deps: AgentConfirmationsDeps) {}

  confirm(question: AgentQuestion): Promise<Confirmation> {
    const view = questionView(question, this.deps.l10n);
    const run = question.kind !== 'run' && 'run' in question.server.state && question.server.state.run.id;
    const key = JSON.stringify([view, run]);
    const open = this.#open.get(key);
    if (open) return open;
    if (this.#open.size >= maxOpen) return Promise.resolve('unanswered');
    const answer = this.#ask(question, view).finally(() => this.#open.delete(key));
    this.#open.set(key, answer);
    return answer;
  }

  async #ask(question: AgentQuestion, view: QuestionView): Promise<Confirmation> {
    const { log, timer } = this.deps;
    const answer = await new Promise<Confirmation>((resolve, reject) => {
      // A question is still shown when its time is over; what is answered then does nothing.
      const cancel = timer.after(maxWaitMs, () => resolve('unanswered'));
      showQuestion(question, view).then(resolve, reject).finally(cancel);
    });
    log.info(`${view.text} ${view.detail.join(' ').trim()} ${answer}`);
    return answer;
  }
}

/** A command is shown in a dialog, which shows text as it is and all of it; the rest where it does not interrupt. */
async function showQuestion(
  { kind }: AgentQuestion,
  { text, detail, accept }: QuestionView,
): Promise<Confirmation> {
  const agree: MessageItem = { title: accept };
  const pressed =
    kind === 'run'
      ? await window.showWarningMessage(text, { modal: true, detail: detail.join('\n') }, agree)
      : await window.showWarningMessage(`${text} ${detail.join(' ')}`, agree);
  return pressed === agree ? 'accepted' : 'refused';
}
