/** docs/element.md: the elements as their manifest has them. `node ui/element-docs.mjs` writes it. */
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { elementsManifest } from './manifest.mjs';

const FILE = new URL('../docs/element.md', import.meta.url);

const HEAD = `# Elements

Written from the sources by \`npm run docs\`; change the comments there. The same stands in the package as
\`dist/custom-elements.json\`, where editors find it.
`;

/** @returns {Promise<string>} */
export async function elementDocs() {
  const { modules } = await elementsManifest();
  return [HEAD, ...modules[0].declarations.map(element)].join('\n');
}

function element({ tagName, description, members = [], attributes = [], events = [], slots = [], cssProperties = [], cssParts = [] }) {
  const attributeOf = new Map(attributes.map(({ name, fieldName }) => [fieldName, name]));
  const fields = members.filter(({ kind }) => kind === 'field');
  const methods = members.filter(({ kind }) => kind === 'method');
  return [
    `## \`<${tagName}>\`\n\n${description}\n`,
    table('Attributes and properties', ['attribute', 'property', 'type', 'default', 'what it does'], fields.map((field) => [
      code(attributeOf.get(field.name)),
      code(field.name),
      code(field.type?.text),
      field.readonly ? 'read only' : code(CONSTANT.test(field.default) ? undefined : field.default),
      field.description,
    ])),
    table('Methods', ['method', 'what it does'], methods.map((method) => [code(signature(method)), [method.description, ...remarks(method)].join(' ')])),
    table('Events', ['event', 'type', 'when'], events.map(({ name, type, description }) => [code(name), code(type.text), description])),
    table('Slots', ['slot', 'what goes there'], slots.map(named)),
    table('CSS custom properties', ['property', 'what it colours or sets'], cssProperties.map(named)),
    table('CSS parts', ['part', 'what it is'], cssParts.map(named)),
  ].filter((section) => section !== '').join('\n');
}

/** A name of the sources says nothing to a page; the description does. */
const CONSTANT = /^[A-Z_]+$/;
const named = ({ name, description }) => [code(name), description];
const code = (text) => (text === undefined ? '' : `\`${text}\``);

function signature({ name, parameters = [] }) {
  return `${name}(${parameters.map((parameter) => `${parameter.name}${parameter.default !== undefined || parameter.optional ? '?' : ''}: ${parameter.type.text}`).join(', ')})`;
}

function remarks({ parameters = [] }) {
  return parameters.filter(({ description }) => description !== undefined).map(({ name, description }) => `${code(name)}: ${description}.`);
}

function table(title, columns, rows) {
  if (rows.length === 0) return '';
  const line = (cells) => `| ${cells.map((cell) => (cell ?? '').replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
  return [`### ${title}\n`, line(columns), line(columns.map(() => '---')), ...rows.map(line), ''].join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await writeFile(FILE, await elementDocs());
