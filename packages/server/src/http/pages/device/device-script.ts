/**
 * Asks the API as any other client does. The key lives in a variable of this page; everything that others say is put
 * into the page as text.
 */
export const deviceScript = `'use strict';
const find = (id) => document.getElementById(id);
const form = find('ask');
let key = '';
let code = '';

// The code comes behind the #, which is sent to no server.
if (location.hash.length > 1) {
  find('code').value = decodeURIComponent(location.hash.slice(1));
  history.replaceState(null, '', location.pathname);
  find('key').focus();
}

async function ask(method, path, body) {
  const answer = await fetch('v1/device/logins/' + encodeURIComponent(code) + path, {
    method,
    headers: { authorization: 'Bearer ' + key, ...(body && { 'content-type': 'application/json' }) },
    body: body && JSON.stringify(body),
    credentials: 'omit',
    cache: 'no-store',
  });
  const text = await answer.text();
  let json;
  try {
    json = text === '' ? undefined : JSON.parse(text);
  } catch {
    throw new Error('The server answered with something else than JSON.');
  }
  if (answer.ok) return json;
  const { message, hint } = json?.error ?? {};
  throw new Error([message ?? 'The server answered ' + answer.status + '.', hint].filter(Boolean).join(' '));
}

/** One thing at a time; what goes wrong is said. */
async function attempt(work) {
  const buttons = [...document.querySelectorAll('button')];
  find('problem').textContent = '';
  for (const button of buttons) button.disabled = true;
  try {
    await work();
  } catch (error) {
    find('problem').textContent = error instanceof TypeError ? 'The server does not answer.' : error.message;
  } finally {
    for (const button of buttons) button.disabled = false;
  }
}

function show(login) {
  find('host').textContent = login.hostName;
  find('address').textContent = login.address;
  find('shown-code').textContent = login.userCode;
  find('asked').textContent = new Date(login.requestedAt).toLocaleString();
  find('environment').textContent = login.environment;
  find('until').textContent = new Date(login.keyExpiresAt).toLocaleDateString();
  find('scopes').replaceChildren(
    ...login.grantedScopes.map((scope) => Object.assign(document.createElement('li'), { textContent: scope })),
  );
  const missing = login.requestedScopes.filter((scope) => !login.grantedScopes.includes(scope));
  find('narrowed').hidden = missing.length === 0;
  find('narrowed').textContent = 'Not given, since your key lacks them: ' + missing.join(', ') + '.';
  form.hidden = true;
  find('decide').hidden = false;
  find('decide-title').focus();
}

function end(text) {
  key = '';
  find('decide').hidden = true;
  find('outcome').textContent = text;
  find('outcome').focus();
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  void attempt(async () => {
    key = find('key').value.trim();
    code = find('code').value.trim();
    try {
      const login = await ask('GET', '');
      find('key').value = '';
      show(login);
    } catch (error) {
      key = '';
      throw error;
    }
  });
});
find('approve').addEventListener('click', () => {
  void attempt(async () => {
    const { hostName } = await ask('POST', '/approve', {});
    end('Approved. The terminal on ' + hostName + ' goes on by itself; you can close this page.');
  });
});
find('deny').addEventListener('click', () => {
  void attempt(async () => {
    await ask('POST', '/deny');
    end('Denied. Nobody got a key.');
  });
});
`;
