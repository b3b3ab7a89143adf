import { escapeRegExp } from '../../../core/escapeRegExp.js';
import type { Classification } from '../../scripts/classification.js';
import { generalNames } from '../shared/generalNames.js';
import type { GuideCommand } from './guideCommands.js';

/** An address of this machine, and not only its name, as in "the localhost registry". */
const loopback =
  /\b(?:localhost|127\.0\.0\.1|0\.0\.0\.0)(?::\d|\/|,? (?:on )?port\b)|\bbrowser (?:on|at) port\b|\b(?:at|on|from|to) (?:localhost|127\.0\.0\.1)\b|https?:\/\/[\w.-]{1,100}\.(?:localhost|test|local)\b/u;

/** Words for what a reader starts, or where. */
const thing =
  'servers?|app|apps|application|site|website|web ?app|front-?end|back-?end|api|ui|gui|dashboard|portal|console|docs|documentation|playground|storybook|service|services|stack|project|everything|locally|local|environment|instance|containers?|docker[- ]compose';
const starts = new RegExp(
  String.raw`(?<!\b(?:an?|already|the) )\b(?:start|run|launch|serve|spin(?:ning)? up|bring(?:ing)? up|boot|preview|develop)(?:s|ing|ning|ment)?\b[^.:]{0,60}\b(?:${thing})\b`,
  'iu',
);
const server =
  /\b(?:dev(?:elopment)?|local|web|http|api|debug|live|hot[- ]reload(?:ing)?|watch)[ -](?:server|mode)\b|\bhot[- ]reload/iu;

/** Usual text after a command that starts a server. */
const startsServer = /\b(?:starts|runs|launches)\b[^.]{0,80}\bserver\b/iu;
/** A command that says where the server listens. */
const setsPort = /^PORT=\d/u;
/** Words for things with an address. */
const onWeb = /server|back-?end|front-?end|\bapi\b|\bweb(?!-?hook)|dashboard|\bservice\b/iu;

/** Words for servers that are not for development. */
const released =
  /\b(?:in|for|the) productions?\b|\bproduction[ -](?:build|environment|mode|server|stack)|\b(?:deploy(?:ment|ed|ing)?|publish(?:ed|ing)?)\b/iu;
/** Titles of chapters about servers that are not for development. */
const releasedChapter = /^\W{0,9}(?:production|deploy(?:ment|ing)|(?:running )?in production)\b/iu;
const otherWork =
  /\b(?:(?:re)?builds?|(?:re)?building|generates?|installs?|compiles?|formats?|tests?|testing|benchmarks?|lint(?:er|ing)?|upgrade|migrat(?:e|ions?))\b/iu;

/**
 * Returns whether the text of a guide says that a command starts a server. The less the classification of the command
 * says so itself, the more the text must say. `own` is the name of a program of the project that the command runs.
 */
export function describesServer(
  command: GuideCommand,
  classification: Classification,
  own?: string,
): boolean {
  if (isReleased(command)) return false;
  if (classification === 'server') return true;
  if (classification === 'unknown' && command.isPreparation) return false;
  return namesAddress(command) || startsServer.test(command.after) || saysStart(command, classification, own);
}

/** Returns whether the text next to a command says that it starts a server, and does no other work. */
function saysStart(command: GuideCommand, classification: Classification, own?: string): boolean {
  const { about, introduction, heading } = command;
  if (otherWork.test(about === '' ? heading : about)) return false;
  if (classification === 'unknown') return namesServer(`${about} ${introduction}`);
  return [about, introduction, heading].some(namesStart) || startsProject(command, own);
}

/**
 * Returns whether the text says to start the project, by the first word in the title of the guide, or its heading by
 * the name of the program: "Running Shop".
 */
function startsProject({ about, introduction, heading, chapters }: GuideCommand, own?: string): boolean {
  if (own !== undefined && startOf(own).test(heading)) return true;
  const [name = ''] = /[\p{L}\p{N}-]{3,50}/u.exec(chapters.find((title) => title !== '') ?? '') ?? [];
  if (name === '' || generalNames.has(name.toLowerCase())) return false;
  const start = startOf(name);
  return start.test(about) || start.test(introduction);
}

/** Returns an expression for texts that say to start something with this name. */
function startOf(name: string): RegExp {
  const word = String.raw`(?<![\p{L}\p{N}-])${escapeRegExp(name)}(?![\p{L}\p{N}-])`;
  return new RegExp(String.raw`\b(?:start|run|launch)(?:s|ing|ning)?\b[^.:]{0,40}${word}`, 'iu');
}

function namesAddress({ about, introduction, after, line }: GuideCommand): boolean {
  return loopback.test(`${about}\n${introduction}\n${after}`) || setsPort.test(line);
}

function isReleased({ about, heading, chapters }: GuideCommand): boolean {
  return (
    released.test(about === '' ? heading : about) || chapters.some((title) => releasedChapter.test(title))
  );
}

function namesServer(text: string): boolean {
  return server.test(text) || (starts.test(text) && onWeb.test(text));
}

function namesStart(text: string): boolean {
  return server.test(text) || starts.test(text);
}
