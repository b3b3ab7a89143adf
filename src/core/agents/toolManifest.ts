import { toJsonSchema } from '@valibot/to-json-schema';
import type { JsonObject } from './answer.js';
import { inputDescriptions, toolDescriptions } from './descriptions.js';
import { inputSchemas } from './inputSchemas.js';
import { toolNames, type ToolName } from './names.js';

/** The fields of `contributes.languageModelTools` in package.json that come from the code, and the English title. */
export interface ManifestTool {
  readonly name: ToolName;
  readonly title: string;
  readonly modelDescription: string;
  readonly inputSchema: JsonObject;
}

/** Returns the tools as package.json has to describe them. Runs at build time only: no bundle holds the converter. */
export function manifestTools(): readonly ManifestTool[] {
  return toolNames.map((name) => ({
    name,
    title: toolDescriptions[name].title,
    modelDescription: toolDescriptions[name].description,
    inputSchema: jsonSchema(name),
  }));
}

function jsonSchema(name: ToolName): JsonObject {
  const { $schema: _, ...schema } = toJsonSchema(inputSchemas[name], {
    // JSON schemas cannot forbid a NUL.
    ignoreActions: ['check'],
    // Not every client accepts defaults, so the descriptions name them.
    overrideSchema: ({ jsonSchema: { default: __, ...rest } }) => rest,
  });
  if (schema.required?.length === 0) delete schema.required;
  const descriptions: Readonly<Record<string, string>> = inputDescriptions[name];
  const properties = Object.entries(schema.properties ?? {}).map(([key, property]) => [
    key,
    { ...(property as JsonObject), description: descriptions[key] ?? '' },
  ]);
  return { ...schema, properties: Object.fromEntries(properties) as JsonObject } as JsonObject;
}
