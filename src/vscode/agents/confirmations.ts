import type { RunId } from '../../core/server/state.js';
import { runIdOf } from '../../core/server/stateQueries.js';
import type { AgentQuestion, Confirmation } from '../../core/agents/context.js';
import { questionView, type QuestionView } from '../../core/agents/prompts.js';
import type { Logger, Timer, Translator } from '../../core/common.js';
import { askModally, showWarning } from '../display/messages.js';

/** Maximum time that an agent waits for the user, in milliseconds; most clients give up after a minute. */
const maxWaitMs = 50_000;

/** Maximum number of open questions: more would only teach the user to click them away. */
const maxOpen = 3;

export interface AgentConfirmationsDeps {
  readonly timer: Timer;
  readonly log: Logger;
  readonly l10n: Translator;
}

/** Asks the user about actions of agents. Equal questions of one caller are asked once. */
export class AgentConfirmations {
  readonly #open = new Map<string, Promise<Confirmation>>();

  constructor(private readonly deps: AgentConfirmationsDeps) {}

  confirm(question: AgentQuestion): Promise<Confirmation> {
    const view = questionView(question, this.deps.l10n);
    const key = JSON.stringify([view, question.caller.caller, runOf(question)]);
    const open = this.#open.get(key);
    if (open) return open;
    if (this.#open.size >= maxOpen) return Promise.resolve('notAsked');
    const answer = this.#ask(question, view).finally(() => this.#open.delete(key));
    this.#open.set(key, answer);
    return answer;
  }

  async #ask(question: AgentQuestion, view: QuestionView): Promise<Confirmation> {
    const { log, timer } = this.deps;
    const answer = await new Promise<Confirmation>((resolve, reject) => {
      // The notification stays open after the timeout; an answer then has no effect.
      const cancel = timer.after(maxWaitMs, () => resolve('unanswered'));
      showQuestion(question, view).then(resolve, reject).finally(cancel);
    });
    // The details contain the values of variables.
    log.info(`${view.text} ${answer}`);
    return answer;
  }
}

/** Returns the run that a question is about; `undefined` if it is about no run. */
function runOf(question: AgentQuestion): RunId | undefined {
  return 'server' in question ? runIdOf(question.server.state) : undefined;
}

/** Asks about a command in a modal dialog, which shows it completely, and about anything else in a notification. */
async function showQuestion(
  { kind }: AgentQuestion,
  { text, detail, accept }: QuestionView,
): Promise<Confirmation> {
  const isAccepted =
    kind === 'run' || kind === 'start'
      ? await askModally(text, detail, accept)
      : (await showWarning(`${text} ${detail.join(' ')}`, accept)) === accept;
  return isAccepted ? 'accepted' : 'refused';
}
