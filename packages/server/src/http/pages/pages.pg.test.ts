import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import cookie from '@fastify/cookie';
import { fastify, type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderError } from '../middleware/errors/render-error.ts';
import { openHttpRoom, type HttpRoom } from '../testing/http-room.ts';
import { setAttemptCookie } from './attempt-cookie.ts';
import { serveConnectPage } from './connect-page.ts';
import { sendPageHeaders } from './page-headers.ts';

let http: HttpRoom;
let directory: string;
let page: FastifyInstance;

beforeAll(async () => {
  http = await openHttpRoom();
  directory = await mkdtemp(join(tmpdir(), 'tenon-page-'));
  await mkdir(join(directory, 'assets'));
  await writeFile(join(directory, 'index.html'), '<!doctype html><title>Connect</title>');
  await writeFile(join(directory, 'assets', 'main-1a2b.js'), 'export {};');
  await writeFile(join(directory, 'icon.svg'), '<svg/>');
  page = await openPage(directory, { secure: true });
});
afterAll(async () => {
  await page.close();
  await http.close();
  await rm(directory, { recursive: true });
});

async function openPage(from: string, options: { secure: boolean }): Promise<FastifyInstance> {
  const app = fastify();
  app.setErrorHandler(renderError);
  await app.register(async (pages) => {
    await sendPageHeaders(pages, options);
    await serveConnectPage(pages, { now: Date.now, directory: from });
  });
  return app;
}

function policyOf(headers: Record<string, unknown>): Record<string, string> {
  const parts = String(headers['content-security-policy']).split(';').filter(Boolean);
  return Object.fromEntries(parts.map((part) => part.trim().split(/ (.*)/s, 2) as [string, string]));
}

describe('the hosted page', () => {
  it.each(['/connect', '/connect/', '/connect/?x=1'])('is at %s and never kept without asking', async (url) => {
    const answer = await page.inject(url);
    expect(answer).toMatchObject({ statusCode: 200 });
    expect(answer.headers).toMatchObject({ 'cache-control': 'no-cache', 'content-type': 'text/html; charset=utf-8' });
    expect(answer.headers.etag).toEqual(expect.any(String));
  });

  it('has files that are kept for good, as their names change with them', async () => {
    const answer = await page.inject('/connect/assets/main-1a2b.js');
    expect(answer.headers).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable',
      'content-type': expect.stringContaining('javascript'),
    });
    expect((await page.inject('/connect/icon.svg')).headers['cache-control']).toBe('public, max-age=3600');
  });

  it('runs nothing but the files of the server, and is framed by nobody', async () => {
    const { headers } = await page.inject('/connect');
    expect(policyOf(headers)).toMatchObject({
      'default-src': "'none'",
      'script-src': "'self'",
      'style-src': "'self'",
      'connect-src': "'self'",
      'frame-ancestors': "'none'",
      'base-uri': "'none'",
      'form-action': "'none'",
    });
    expect(headers).toMatchObject({
      'referrer-policy': 'no-referrer',
      'x-frame-options': 'DENY',
      'x-content-type-options': 'nosniff',
      'strict-transport-security': 'max-age=63072000',
    });
    expect(headers['cross-origin-opener-policy']).toBeUndefined();
  });

  it.each([
    '/connect/../package.json',
    '/connect/%2e%2e/%2e%2e/package.json',
    '/connect/assets/',
    '/connect/nothing.js',
  ])('gives nothing for %s', async (url) => {
    const answer = await page.inject(url);
    expect(answer.statusCode).toBeGreaterThanOrEqual(400);
    expect(answer.statusCode).toBeLessThan(500);
  });

  it('says so when it was not built', async () => {
    const app = await openPage(join(directory, 'nowhere'), { secure: false });
    const answer = await app.inject('/connect');
    expect(answer.statusCode).toBe(404);
    expect(answer.json()).toMatchObject({
      error: { code: 'not_found', hint: expect.stringContaining('dist/connect-page') },
    });
    await app.close();
  });
});

describe('headers', () => {
  it('of the callback let it run its own file only, and lead nobody back here', async () => {
    const answer = await http.app.inject('/oauth/callback');
    expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(answer.headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' });
    expect(policyOf(answer.headers)).toMatchObject({ 'script-src': "'self'", 'frame-ancestors': "'none'" });
    expect(answer.headers['strict-transport-security']).toBeUndefined();
    expect(answer.payload).not.toMatch(/<script(?! src=")|style="|onclick/);
  });

  it.each(['callback.js', 'callback.css'])('of %s let it be used', async (name) => {
    const answer = await http.app.inject(`/oauth/${name}`);
    expect(answer).toMatchObject({ statusCode: 200 });
    expect(answer.headers['cache-control']).toContain('max-age=3600');
  });

  it('of the API let a browser show nothing of it', async () => {
    const { headers } = await http.call('GET', '/v1/whoami');
    expect(headers).toMatchObject({
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    });
  });
});

describe('the cookie of an attempt', () => {
  it.each([
    ['https://tenon.example.com/base', /Path=\/base\/oauth\/callback; HttpOnly; Secure; SameSite=Lax/],
    ['http://127.0.0.1:4600', /Path=\/oauth\/callback; HttpOnly; SameSite=Lax/],
  ])('goes back to %s only, and by https where that is https', async (publicUrl, expected) => {
    const app = fastify();
    await app.register(cookie);
    app.get('/', (_request, reply) => {
      setAttemptCookie(reply, { attemptId: 'a-b', secret: 'hush', publicUrl, expiresAt: new Date().toISOString() });
      return reply.send('');
    });
    const answer = await app.inject('/');
    expect(String(answer.headers['set-cookie'])).toMatch(/^tenon_attempt_ab=hush; /);
    expect(String(answer.headers['set-cookie']).replace(/ Expires=[^;]+;/, '')).toMatch(expected);
    await app.close();
  });
});

describe('floods of the callback', () => {
  it('get a page that says when to come back', async () => {
    let last = await http.app.inject('/oauth/callback');
    for (let count = 0; count < 120 && last.statusCode !== 429; count++)
      last = await http.app.inject('/oauth/callback');
    expect(last.statusCode).toBe(429);
    expect(Number(last.headers['retry-after'])).toBeGreaterThan(0);
    expect(last.headers['content-type']).toBe('text/html; charset=utf-8');
  });
});
