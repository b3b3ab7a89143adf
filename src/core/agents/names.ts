/** Names of the tools in chat and for MCP clients. */
export const toolNames = [
  'devservers_list_servers',
  'devservers_start_server',
  'devservers_stop_server',
  'devservers_restart_server',
  'devservers_get_server_logs',
  'devservers_wait_until_ready',
  'devservers_list_changes',
] as const;

export type ToolName = (typeof toolNames)[number];
