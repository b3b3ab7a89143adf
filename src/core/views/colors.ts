/**
 * Theme colors of states. All of them have a value in both high contrast themes too, which `list.errorForeground` and
 * `list.warningForeground` do not.
 */
export const colors = {
  changing: 'charts.yellow',
  works: 'charts.green',
  warning: 'problemsWarningIcon.foreground',
  error: 'problemsErrorIcon.foreground',
} as const;
