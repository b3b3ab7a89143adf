import type { AgentQuestion, Confirmation } from '../../core/agents/context.js';
import { questionView, type QuestionView } from '../../core/agents/prompts.js';
import type { Logger, Timer, Translator } from '../../core/common.js';
import { askModally, showWarning } from '../display/messages.js';

/** Longest time that an agent waits for the user, in milliseconds; most clients give up after a minute. */
const maxWaitMs = 50_000;

/** Largest number of open questions: more would only teach the user to click them away. */
const maxOpen = 3;

export interface AgentConfirmationsDeps {
  readonly timer: Timer;
  readonly log: Logger;
  readonly l10n: Translator;
}

/** Asks the user what an agent may do. Equal questions are asked once; all agents get the answer. */
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
      // The notification stays when the time is over; an answer has no effect then.
      const cancel = timer.after(maxWaitMs, () => resolve('unanswered'));
      showQuestion(question, view).then(resolve, reject).finally(cancel);
    });
    log.info(`${view.text} ${view.detail.join(' ').trim()} ${answer}`);
    return answer;
  }
}

/** Shows a command in a modal dialog, which shows all of it as plain text, and other questions in a notification. */
async function showQuestion(
  { kind }: AgentQuestion,
  { text, detail, accept }: QuestionView,
): Promise<Confirmation> {
  const isAccepted =
    kind === 'run'
      ? await askModally(text, detail, accept)
      : (await showWarning(`${text} ${detail.join(' ')}`, accept)) === accept;
  return isAccepted ? 'accepted' : 'refused';
}
