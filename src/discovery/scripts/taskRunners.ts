import type { Classification } from './classification.js';
import { classifyName, splitName } from './nameWords.js';
import { isStoreName } from './stores.js';

const taskRunners =
  /^(?:turbo|nx|lerna|moon|rush|make|gmake|just|task|mise|gulp|grunt|mage|rake|wsrun|ultra|lage|bolt)$/u;

/** Options of `make` with a separate value. */
const makeOption = /^-[CfjIo]$|^--(?:directory|file|makefile|jobs)$/u;

/** Words in the name of a target that runs something. A target without one may be a program that is built. */
const running = /^(?:dev|develop|devserver|preview|runserver|run|serve|start|storybook|up|watch|live)$/u;

/** Classifies task runners by the names of their tasks, as in `turbo run dev`, `nx serve web` or `make dev`. */
export function classifyTaskRunner(program: string, args: readonly string[]): Classification | undefined {
  if (/^docker(?:-compose)?$|^podman(?:-compose)?$/u.test(program)) return classifyContainers(args);
  if (!taskRunners.test(program)) return undefined;
  const isMake = program === 'make' || program === 'gmake';
  const isOption = (arg: string, index: number): boolean =>
    arg.startsWith('-') || (isMake && (arg.includes('=') || makeOption.test(args[index - 1] ?? '')));
  const targets = args
    .filter((arg, index) => arg !== 'run' && !isOption(arg, index))
    .map(isMake ? classifyFile : classifyLikely);
  return targets.find((classification) => classification !== 'unknown') ?? 'unknown';
}

const hasExtension = /\.[a-z][a-z0-9]{1,4}$/u;

/** Classifies a target of `make`, which is a file unless its name says that it runs something: `grpc-server`. */
function classifyFile(name: string): Classification {
  const classification = classifyLikely(name);
  const runs = splitName(name).some((word) => running.test(word));
  return classification === 'likely' && (!runs || hasExtension.test(name)) ? 'unknown' : classification;
}

/**
 * Classifies commands of Docker and Podman. A command that runs in the background exits immediately, so it is not a
 * server here. One that ends with a container runs tests.
 */
function classifyContainers(args: readonly string[]): Classification {
  const ends = args.some((arg) => /^--(?:exit-code-from|abort-on-container-)/u.test(arg));
  const serves = args.includes('up') && !args.some((arg) => /^(?:-d|--detach|--wait|--no-start)$/u.test(arg));
  if (serves) return ends || startsStores(args) ? 'other' : 'likely';
  return mayStay(args) ? 'unknown' : 'other';
}

/** Options of `run` without a value, which may stand before `--detach`. */
const runFlag =
  /^(?:-[itPT]+|--(?:rm|init|tty|interactive|privileged|publish-all|read-only|no-deps|build|service-ports|use-aliases|remove-orphans|quiet|quiet-pull|no-TTY))$/u;
const detached = /^(?:-[itPT]*d[itPTp]*|--detach(?:=true)?)$/u;

/** Returns whether a command runs a container in the foreground, so that it may serve. */
function mayStay(args: readonly string[]): boolean {
  const start = args.indexOf('run');
  // `start` returns at once, unless it is attached to the container.
  if (start === -1) return args.includes('start') && args.some((arg) => /^(?:-[ai]+|--attach)$/u.test(arg));
  for (let at = start + 1; args[at]?.startsWith('-') === true; at += 1) {
    const option = args[at] ?? '';
    if (detached.test(option)) return false;
    // The next argument is the value of any other option.
    if (!runFlag.test(option) && !option.includes('=')) at += 1;
  }
  return true;
}

/** Returns whether Compose starts only services that are databases: `up postgres redis`. */
function startsStores(args: readonly string[]): boolean {
  const services = args.slice(args.indexOf('up') + 1).filter((arg) => !arg.startsWith('-'));
  return services.length > 0 && services.every(isStoreName);
}

/** Classifies what has this name and nothing else that is known. */
export function classifyLikely(name: string): Classification {
  const classification = classifyName(name);
  return classification === 'server' ? 'likely' : classification;
}
