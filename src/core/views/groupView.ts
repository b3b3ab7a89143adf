import { isUsable } from '../registry/dependencyGraph.js';
import { type ServerState } from '../server/state.js';
import { colors } from './colors.js';
import { countTexts, groupLabel, isBroken, isChanging, isStartPending, type ServerGroup } from './groups.js';
import type { Translator } from '../common.js';
import { isActive, isStoppable } from '../server/stateQueries.js';

/** Presentation of the row of a group. */
export interface GroupView {
  readonly label: string;
  readonly description: string;
  /** Id of a product icon. */
  readonly icon: string;
  /** Id of a theme color; the default color when undefined. */
  readonly color: string | undefined;
  /** Keywords for `when` clauses of menus: `group`, and `active` if there is something to stop. */
  readonly context: string;
  /** Text for screen readers instead of label and description. */
  readonly spoken: string;
}

/**
 * Returns the presentation of a group. A configured group shows its progress; a package shows how many of its servers
 * are in which state.
 */
export function groupView(group: ServerGroup, l10n: Translator): GroupView {
  const states = group.servers.map(({ state }) => state);
  const label = groupLabel(group);
  const isPackage = group.name === undefined;
  const packageIcon = group.path === '' ? 'root-folder' : 'folder';
  return {
    label,
    ...parentView(
      label,
      states,
      isPackage ? packageIcon : 'layers',
      isPackage ? summaryText(states, l10n) : readyText(states, l10n),
      l10n,
    ),
    context: states.some(isStoppable) ? 'group active' : 'group',
  };
}

/** Returns the presentation of a workspace folder. */
export function folderView(name: string, states: readonly ServerState[], l10n: Translator): GroupView {
  return {
    label: name,
    ...parentView(name, states, 'root-folder', summaryText(states, l10n), l10n),
    context: states.some(isStoppable) ? 'folder group active' : 'folder group',
  };
}

function parentView(
  label: string,
  states: readonly ServerState[],
  icon: string,
  description: string,
  l10n: Translator,
): Omit<GroupView, 'label' | 'context'> {
  return {
    description,
    ...worstAppearance(states, icon),
    spoken: description === '' ? l10n.t('{0}, stopped', label) : l10n.t('{0}, {1}', label, description),
  };
}

/** Returns how many servers of a package are in which state, problems first: `1 crashed · 1 starting · 2 running`. */
function summaryText(states: readonly ServerState[], l10n: Translator): string {
  return countTexts(states, l10n).join(' · ');
}

/** Returns the progress of a group, e.g. `2 of 3 ready`; empty if none of its servers is up, starting or broken. */
function readyText(states: readonly ServerState[], l10n: Translator): string {
  const ready = states.filter(isUsable).length;
  if (states.some(isStartPending)) return l10n.t('starting: {0} of {1} ready', ready, states.length);
  const isDown = ready === 0 && !states.some((state) => isActive(state) || isBroken(state));
  return isDown ? '' : l10n.t('{0} of {1} ready', ready, states.length);
}

/** Returns the icon of the worst state, which a collapsed row would hide. A transition counts only if there is no problem. */
function worstAppearance(states: readonly ServerState[], icon: string): Pick<GroupView, 'icon' | 'color'> {
  if (states.some(isBroken)) return { icon: 'error', color: colors.error };
  if (states.some(({ kind }) => kind === 'unhealthy')) return { icon: 'warning', color: colors.warning };
  if (states.some(isChanging)) return { icon: 'loading~spin', color: colors.changing };
  return { icon, color: states.some(isUsable) ? colors.works : undefined };
}
