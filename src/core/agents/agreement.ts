import type { ServerDefinition } from '../server/definition.js';
import type { ServerId } from '../server/identity.js';
import { isActive } from '../server/stateQueries.js';
import { withDependencies } from '../registry/dependencyGraph.js';
import { AgentRefusal, failure, throwIfCancelled } from './answer.js';
import type { AgentCaller, AgentQuestion, AgentToolDeps, Confirmation } from './context.js';
import { findServer } from './findServer.js';
import { isTooLong, maxQuestionLength } from './prompts.js';

/** Maximum number of questions in one call, since the definitions may change each time. */
const maxQuestions = 3;

type Deps = Pick<AgentToolDeps, 'registry' | 'permissions' | 'workspace' | 'consent'>;

/**
 * Asks the user about the definitions that a start of this server would execute, if they are new or have changed since
 * the user last started them or agreed to them. Rejects with an `AgentRefusal` if the user does not agree.
 */
export async function agreeToStart(id: ServerId, caller: AgentCaller, deps: Deps): Promise<void> {
  if (caller.isTrusted) return;
  for (let questions = 0; questions < maxQuestions; questions += 1) {
    // The editor's file watchers may not have reported the last change yet, nor a change made while the question was
    // open.
    await deps.workspace.reread(findServer(deps.registry, id).definition);
    const definitions = unknownDefinitions(id, deps);
    if (definitions.length === 0) return;
    await ask({ kind: 'start', caller: caller.origin, definitions }, id, caller, deps);
    for (const definition of definitions) deps.consent.give(definition);
  }
  throw new AgentRefusal(failure('notAllowed', `${id} was not started: its definition keeps changing.`));
}

/** Asks the user. Rejects with an `AgentRefusal` unless the user agrees to the question as it is shown. */
export async function ask(
  question: AgentQuestion,
  subject: string,
  { signal }: AgentCaller,
  { permissions }: Pick<AgentToolDeps, 'permissions'>,
): Promise<void> {
  if (isTooLong(question)) {
    const text = `${subject} was not started: its command, folder and variables exceed ${maxQuestionLength} characters, which is too long for a question to the user. Ask the user to start it in the Dev Servers view, or write the command into a file.`;
    throw new AgentRefusal(failure('tooLong', text));
  }
  const answer = await permissions.confirm(question);
  throwIfCancelled(signal);
  if (answer === 'accepted') return;
  const text = `${subject} was not started: its command is new or has changed, so ${decisionText(answer)}`;
  throw new AgentRefusal(failure('notAllowed', text, { answer }));
}

/** Returns the end of a sentence about an action that needed the user's agreement. */
export function decisionText(answer: Exclude<Confirmation, 'accepted'>): string {
  if (answer === 'notAsked')
    return 'the user must be asked, but other questions from agents are still open. Try again later.';
  if (answer === 'noTerminal')
    return 'the user must be asked, but the "devservers up" that runs the servers has no terminal. The user can start it in a terminal, or with --yes.';
  const why = answer === 'refused' ? 'The user refused.' : 'The user did not answer in time.';
  return `the user was asked. ${why}`;
}

/** Returns the definitions that a start would execute without consent: those of the server and its dependencies. */
function unknownDefinitions(id: ServerId, { registry, consent }: Deps): readonly ServerDefinition[] {
  const { definition } = findServer(registry, id);
  const all = registry.current.servers.map((record) => record.definition);
  return withDependencies([definition], all).filter((each) => {
    const state = registry.find(each.id)?.state;
    return !consent.has(each) && (each.id === id || !state || !isActive(state));
  });
}
