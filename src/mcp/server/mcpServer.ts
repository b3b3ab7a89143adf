import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import {
  CallToolRequestSchema,
  ErrorCode,
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  ListToolsRequestSchema,
  McpError,
  ReadResourceRequestSchema,
  SubscribeRequestSchema,
  UnsubscribeRequestSchema,
  type CallToolResult,
  type Resource,
  type Tool,
} from '@modelcontextprotocol/sdk/types.js';
import { wellFormed } from '../../core/agents/boundedAnswer.js';
import { toolDescriptions } from '../../core/agents/descriptions.js';
import { toolNames, type ToolName } from '../../core/agents/names.js';
import { WindowLink, type WindowLinkOptions } from './windowLink.js';
import { errorMessage } from '../../core/errorMessage.js';

const logScheme = 'devserver-log://log/';

/** Clients request this list, and report an error if the method is missing. */
const logTemplate = {
  uriTemplate: `${logScheme}{id}`,
  name: 'log',
  title: 'Log of a server',
  mimeType: 'text/plain',
} as const;

/** Lines of a resource, as many as one answer may have. */
const resourceLines = 1000;

/** JSON schema of the input of each tool. */
export type ToolInputSchemas = Readonly<Record<ToolName, Tool['inputSchema']>>;

/** Creates an MCP server that forwards each call to a window. */
export function createMcpServer(
  options: Pick<WindowLinkOptions, 'openWindows' | 'cwd' | 'windowId'>,
  version: string,
  inputSchemas: ToolInputSchemas,
): Server {
  const server = new Server(
    { name: 'dev-servers', title: 'Dev Servers of VS Code', version },
    { capabilities: { tools: {}, resources: { listChanged: true, subscribe: true } }, instructions },
  );
  const link = new WindowLink({
    ...options,
    agent: () => server.getClientVersion()?.name ?? '',
    // The client may be gone by then.
    onServersChanged: () => void server.sendResourceListChanged().catch(() => undefined),
    onLogGrown: (id) => void server.sendResourceUpdated({ uri: logUri(id) }).catch(() => undefined),
  });
  // Connects early for notifications of added and removed servers; without a window, they start with the first call.
  server.oninitialized = () => void link.connect().catch(() => undefined);
  server.setRequestHandler(ListToolsRequestSchema, () => ({
    tools: toolNames.map((name) => toTool(name, inputSchemas)),
  }));
  server.setRequestHandler(CallToolRequestSchema, async ({ params }, { signal, sendNotification }) => {
    // oxlint-disable-next-line no-underscore-dangle -- the protocol names it so
    const token = params._meta?.progressToken;
    const report = (progress: number): void =>
      void sendNotification({
        method: 'notifications/progress',
        params: { progressToken: token ?? '', progress, message: 'Waiting for the server or the user' },
      }).catch(() => undefined);
    const stopReports = token === undefined ? () => undefined : reportProgress(report);
    return callTool(params.name, params.arguments ?? {}, link, signal).finally(stopReports);
  });
  for (const [schema, isWatched] of [
    [SubscribeRequestSchema, true],
    [UnsubscribeRequestSchema, false],
  ] as const) {
    server.setRequestHandler(schema, async ({ params }) => {
      await link.watchLog(parseLogUri(params.uri), isWatched);
      return {};
    });
  }
  server.setRequestHandler(ListResourcesRequestSchema, async () => ({ resources: await resources(link) }));
  server.setRequestHandler(ListResourceTemplatesRequestSchema, () => ({ resourceTemplates: [logTemplate] }));
  server.setRequestHandler(ReadResourceRequestSchema, async ({ params: { uri } }, { signal }) => {
    const input = { id: parseLogUri(uri), lines: resourceLines };
    const { text, failed } = await link.call('devservers_get_server_logs', input, signal);
    if (failed) throw new McpError(ErrorCode.InvalidParams, text);
    return { contents: [{ uri, mimeType: 'text/plain', text }] };
  });
  return server;
}

/** Interval of the reports, milliseconds: clients that treat silence as a failure do so after a minute. */
const progressMs = 2000;

/** Reports the seconds that a call has taken until the returned function is called. */
function reportProgress(report: (seconds: number) => void): () => void {
  const start = performance.now();
  const timer = setInterval(() => report(Math.round((performance.now() - start) / 1000)), progressMs);
  return () => clearInterval(timer);
}

const instructions =
  'These tools control the development servers of this project in the VS Code window of the user. Before you start a development server, list the servers: it may already be running. Start, stop and restart servers with these tools instead of a shell, so that you and the user share them.';

function toTool(name: ToolName, inputSchemas: ToolInputSchemas): Tool {
  const { title, description, isReadOnly } = toolDescriptions[name];
  return {
    name,
    title,
    description,
    inputSchema: inputSchemas[name],
    annotations: { title, readOnlyHint: isReadOnly, destructiveHint: !isReadOnly, openWorldHint: false },
  };
}

async function callTool(
  name: string,
  input: unknown,
  link: WindowLink,
  signal: AbortSignal,
): Promise<CallToolResult> {
  const tool = toolNames.find((each) => each === name);
  if (!tool) throw new McpError(ErrorCode.InvalidParams, `Unknown tool: ${name}.`);
  try {
    const { text, data, failed } = await link.call(tool, input, signal);
    // Many clients show their model only one of the two. Claude Code shows the data, which would lack logs and advice.
    const structuredContent = { text, ...data };
    return { content: [{ type: 'text', text }], structuredContent, ...(failed && { isError: true }) };
  } catch (error) {
    const text = errorMessage(error);
    return { content: [{ type: 'text', text }], isError: true };
  }
}

/** Returns a resource for the log of each server; none without a window. */
async function resources(link: WindowLink): Promise<Resource[]> {
  const answer = await link.call('devservers_list_servers', {}).catch(() => undefined);
  const servers: unknown = answer?.data['servers'];
  if (!Array.isArray(servers)) return [];
  return servers.map((server: { readonly id?: unknown; readonly name?: unknown }) => ({
    uri: logUri(String(server.id)),
    name: String(server.id),
    title: `Log of ${String(server.name)}`,
    mimeType: 'text/plain',
  }));
}

function logUri(id: string): string {
  // The encoding refuses half a surrogate pair.
  return logScheme + encodeURIComponent(wellFormed(id));
}

function parseLogUri(uri: string): string {
  if (uri.startsWith(logScheme)) return decodeURIComponent(uri.slice(logScheme.length));
  throw new McpError(
    ErrorCode.InvalidParams,
    `${uri} is not the log of a server. Logs begin with ${logScheme}`,
  );
}
