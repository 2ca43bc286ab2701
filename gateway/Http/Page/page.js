'use strict';

// Shows the OpenAPI document. Its contents are inserted as text, never as markup.
const make = (tag, className, text) => {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text) element.textContent = text;
  return element;
};

const nameOf = (reference) => reference.split('/').pop();

const typeOf = (schema) => {
  if (!schema) return '';
  if (schema.$ref) return nameOf(schema.$ref);
  if (schema.enum) return schema.enum.filter((member) => member !== null).join(' | ');
  for (const choice of [schema.oneOf, schema.anyOf]) {
    if (choice) return choice.map(typeOf).filter((type) => type && type !== 'null').join(' or ');
  }
  const types = [schema.type ?? 'any'].flat().filter((type) => type !== 'null');
  if (types.includes('array')) return `list of ${typeOf(schema.items) || 'any'}`;
  if (schema.additionalProperties) return `map of ${typeOf(schema.additionalProperties) || 'any'}`;
  return types.includes('integer') ? 'integer' : types.includes('number') ? 'number'
    : `${types.join(' | ')}${schema.format ? ` (${schema.format})` : ''}`;
};

const table = (rows) => {
  const element = make('table');
  for (const cells of rows) {
    const row = element.insertRow();
    cells.forEach((cell, index) => {
      const target = row.insertCell();
      if (index === 0) target.append(make('code', '', cell));
      else target.textContent = cell ?? '';
    });
  }
  return element;
};

const fields = (api, schema) => {
  let found = schema;
  if (found?.type === 'array') found = found.items;
  if (found?.$ref) found = api.components.schemas[nameOf(found.$ref)];
  const properties = Object.entries(found?.properties ?? {});
  return properties.length ? table(properties.map(([name, property]) => [name, typeOf(property), property.description])) : null;
};

const section = (title, content) => {
  const element = make('section');
  element.append(make('h3', '', title));
  if (content) element.append(content);
  return element;
};

const show = (api, method, path, operation) => {
  const element = make('details');
  const summary = make('summary');
  summary.append(make('span', `method ${method}`, method.toUpperCase()), make('code', '', path), make('span', 'about', operation.summary));
  const inside = make('div', 'inside');
  if (operation.parameters?.length) {
    inside.append(section('Parameters', table(operation.parameters.map((parameter) => [
      parameter.name, `${parameter.in}${parameter.required ? ', required' : ''}: ${typeOf(parameter.schema)}`, parameter.description]))));
  }
  for (const [type, body] of Object.entries(operation.requestBody?.content ?? {})) {
    inside.append(section(`Request: ${type}: ${typeOf(body.schema)}`, fields(api, body.schema)));
  }
  for (const [status, response] of Object.entries(operation.responses ?? {})) {
    const content = Object.entries(response.content ?? {});
    if (!content.length) inside.append(section(`Answer ${status}: ${response.description ?? ''}`));
    for (const [type, body] of content) {
      inside.append(section(`Answer ${status}: ${type}: ${typeOf(body.schema)}`, fields(api, body.schema)));
    }
  }
  element.append(summary, inside);
  return element;
};

const showAll = (api) => {
  document.getElementById('about').textContent = api.info.description;
  const groups = new Map();
  for (const [path, item] of Object.entries(api.paths)) {
    for (const [method, operation] of Object.entries(item)) {
      const tag = operation.tags?.[0] ?? 'Other';
      if (!groups.has(tag)) groups.set(tag, []);
      groups.get(tag).push(show(api, method, path, operation));
    }
  }
  document.getElementById('operations').replaceChildren(...[...groups].map(([tag, operations]) => {
    const group = make('section');
    group.append(make('h2', '', tag), ...operations);
    return group;
  }));
};

fetch('/openapi/v1.json').then((answer) => answer.json()).then(showAll).catch((fault) => {
  document.getElementById('operations').textContent = `The description could not be read: ${fault.message}`;
});
