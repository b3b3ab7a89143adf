/** URI schemes of the read-only documents. */
export const documentSchemes = { logs: 'dev-servers-log', diagnostics: 'dev-servers-diagnostics' } as const;
