/** A result of the doctor: a fact that is in order, or a problem with advice. */
export interface Finding {
  readonly status: 'ok' | 'warning' | 'problem';
  readonly text: string;
  readonly advice?: string;
}

export function ok(text: string): Finding {
  return { status: 'ok', text };
}

/** Returns a finding that is no problem. */
export function warning(text: string, advice: string): Finding {
  return { status: 'warning', text, advice };
}

export function problem(text: string, advice: string): Finding {
  return { status: 'problem', text, advice };
}

export function serverCount(count: number): string {
  return count === 1 ? '1 server' : `${count} servers`;
}
