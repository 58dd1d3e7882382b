// Extracts from GitHub's API description what requests must look like: of the
// paths that concern one repository or user, the parameters and bodies, as JSON
// Schema. The whole description is 13 MB, most of it answers.
//
//   openapi.mjs OUT
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

const [out] = process.argv.slice(2);
if (!out) {
  console.error('usage: openapi.mjs OUT');
  process.exit(2);
}

const wanted =
  /^\/(user|users\/\{username\}|rate_limit|user\/repos|repos\/\{owner\}\/\{repo\}(\/.*)?)$/;
const methods = ['get', 'post', 'put', 'patch', 'delete'];
const prose = ['description', 'summary', 'title', 'example', 'examples', 'externalDocs'];

const read = (file) => JSON.parse(readFileSync(new URL(import.meta.resolve(file)), 'utf8'));
const { version } = read('@octokit/openapi/package.json');
const whole = read('@octokit/openapi/generated/api.github.com.json');

// Puts what a $ref names in its place; no request refers to itself.
function resolve(node) {
  if (Array.isArray(node)) return node.map(resolve);
  if (node === null || typeof node !== 'object') return node;
  if (typeof node.$ref === 'string') {
    const names = node.$ref.replace(/^#\//, '').split('/');
    return resolve(names.reduce((at, name) => at[name], whole));
  }
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, resolve(value)]));
}

// Turns OpenAPI 3.0's dialect into JSON Schema: prose goes (but a property may
// be called "title"), nullable becomes a type. Objects that name their
// properties are closed, so that a misspelt one is noticed.
function toSchema(schema) {
  if (Array.isArray(schema)) return schema.map(toSchema);
  if (schema === null || typeof schema !== 'object') return schema;
  const { nullable, properties, ...rest } = schema;
  const clean = {};
  for (const [key, value] of Object.entries(rest)) {
    if (!prose.includes(key)) clean[key] = key === 'enum' ? value : toSchema(value);
  }
  if (properties) {
    clean.properties = Object.fromEntries(
      Object.entries(properties).map(([name, value]) => [name, toSchema(value)]),
    );
    clean.additionalProperties ??= false;
  }
  return nullable ? { anyOf: [{ type: 'null' }, clean] } : clean;
}

function operation(path, method) {
  const { parameters: shared = [], [method]: described } = whole.paths[path];
  const { parameters = [], requestBody } = described;
  const body = requestBody && resolve(requestBody);
  return {
    method: method.toUpperCase(),
    path,
    parameters: resolve([...shared, ...parameters])
      .filter((p) => p.in === 'path' || p.in === 'query')
      .map((p) => ({ name: p.name, in: p.in, required: !!p.required, schema: toSchema(p.schema) })),
    body: body?.content?.['application/json'] && {
      required: !!body.required,
      schema: toSchema(body.content['application/json'].schema),
    },
  };
}

const operations = Object.keys(whole.paths)
  .filter((path) => wanted.test(path))
  .flatMap((path) =>
    methods.filter((m) => whole.paths[path][m]).map((method) => operation(path, method)),
  );

mkdirSync(dirname(out), { recursive: true });
writeFileSync(out, JSON.stringify({ package: `@octokit/openapi@${version}`, operations }));
