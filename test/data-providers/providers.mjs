/**
 * Plays admin panels against a running service: node providers.mjs URL TOKEN. Each line of the input is a JSON
 * array of jobs, a job names a provider, a method and its parameters, and what came of each is printed as one line. The
 * packages are used as they are published.
 */
import { createInterface } from 'node:readline';
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

const play = ([provider, method, ...parameters]) =>
  providers[provider][method](...parameters).then(({ data, total }) => ({ data, total }), (error) => ({ error: error.message, status: error.status ?? error.statusCode }));

for await (const line of createInterface({ input: process.stdin })) {
  const outcomes = [];
  for (const job of JSON.parse(line)) outcomes.push(await play(job));
  console.log(JSON.stringify(outcomes));
}
