/** The schemes of the addresses of our read-only documents. */
export const documentSchemes = { logs: 'dev-servers-log', diagnostics: 'dev-servers-diagnostics' } as const;
