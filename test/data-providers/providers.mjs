/**
 * Plays admin panels against a running service: node providers.mjs URL TOKEN < jobs. A job names a provider, a method
 * and its parameters; what came of each is printed as one JSON array. The packages are used as they are published.
 */
import { text } from 'node:stream/consumers';
import refineSimpleRest from '@refinedev/simple-rest';
import axios from 'axios';
import { fetchUtils } from 'ra-core';
import jsonServer from 'ra-data-json-server';
import simpleRest from 'ra-data-simple-rest';

const [, , url, token] = process.argv;
const authorization = `Bearer ${token}`;
const fetchJson = (address, options = {}) => fetchUtils.fetchJson(address, { ...options, user: { authenticated: true, token: authorization } });
const providers = {
  'ra-data-simple-rest': simpleRest(url, fetchJson),
  'ra-data-json-server': jsonServer(url, fetchJson),
  '@refinedev/simple-rest': refineSimpleRest(url, axios.create({ headers: { authorization } })),
};

const answers = [];
for (const [provider, method, ...parameters] of JSON.parse(await text(process.stdin))) {
  answers.push(await providers[provider][method](...parameters).then(({ data, total }) => ({ data, total }), (error) => ({ error: error.message, status: error.status ?? error.statusCode })));
}
console.log(JSON.stringify(answers));
