import { Permission } from '../../src/access/permission.js';
import { ServiceKeysService } from '../../src/api-keys/service-keys.service.js';
import { SYSTEM } from '../../src/audit/audit.service.js';
import { type Api, Caller, PASSWORD, SignedInCaller } from './api.js';

/** A credential that works, and the way in which it is about to end. */
export interface Doomed {
  /** Asks a process something with the credential; answers the status. */
  probe(url: string): Promise<number>;
  /** Ends it at the process given, or where else it can be done; answers where it was done. */
  end(url: string): Promise<string>;
}

type Making = (api: Api, admin: SignedInCaller) => Promise<Doomed>;

/** Every way in which a session or key comes to its end before its time. */
export const ENDINGS: Record<string, Making> = {
  'sign-out': async (api) => {
    const ada = await api.signedIn();
    return session(ada, (url) => new Caller(url).post('/auth/logout', { refreshToken: ada.refreshToken }).expect(204));
  },
  'sign-out everywhere': async (api) => {
    const ada = await api.signedIn();
    const elsewhere = await signedInAgain(api, ada);
    return session(elsewhere, (url) => new Caller(url).post('/auth/logout-all', { refreshToken: ada.refreshToken }).expect(204));
  },
  'end of one session by its owner': async (api) => {
    const ada = await api.signedIn();
    const elsewhere = await signedInAgain(api, ada);
    const { body } = await elsewhere.get('/auth/me').expect(200);
    return session(elsewhere, (url) => new Caller(url, ada.accessToken).delete(`/auth/sessions/${body.session.id}`).expect(200));
  },
  'password change': async (api) => {
    const ada = await api.signedIn();
    return session(ada, (url) => new Caller(url, ada.accessToken).post('/auth/password/change', { currentPassword: PASSWORD, newPassword: 'an altogether other one 8' }).expect(200));
  },
  'ban': async (api, admin) => {
    const ada = await api.signedIn();
    return session(ada, (url) => new Caller(url, admin.accessToken).post(`/admin/users/${ada.user.id}/ban`, { reason: 'a test' }).expect(200));
  },
  'deletion of the account': async (api) => {
    const ada = await api.signedIn();
    return session(ada, (url) => new Caller(url, ada.accessToken).delete('/users/me', { password: PASSWORD }).expect(200));
  },
  'deletion of an API key': async (api) => {
    const ada = await api.signedIn();
    const { key, keyId } = await api.withKey(ada);
    return apiKey(key, (url) => new Caller(url, ada.accessToken).delete(`/users/me/api-keys/${keyId}`).expect(200));
  },
  'ban of an API key\'s owner': async (api, admin) => {
    const ada = await api.signedIn();
    const { key } = await api.withKey(ada);
    return apiKey(key, (url) => new Caller(url, admin.accessToken).post(`/admin/users/${ada.user.id}/ban`, { reason: 'a test' }).expect(200));
  },
  'revocation of a service key': async (api) => {
    const { key, keyId } = await api.serviceKey(Permission.Verify);
    return {
      probe: (url) => statusOf(url, '/auth/verify', key, { apiKey: 'junk' }),
      end: async () => {
        await api.app.get(ServiceKeysService).revoke(SYSTEM, keyId);
        return api.url;
      },
    };
  },
};

async function signedInAgain(api: Api, { user }: SignedInCaller): Promise<SignedInCaller> {
  const { body } = await api.anyone.post('/auth/login', { login: user.username, password: PASSWORD }).expect(200);
  return new SignedInCaller(api.url, body);
}

function session(caller: SignedInCaller, act: (url: string) => PromiseLike<unknown>): Doomed {
  return { probe: (url) => statusOf(url, '/auth/me', caller.accessToken), end: at(act) };
}

function apiKey(key: string, act: (url: string) => PromiseLike<unknown>): Doomed {
  return { probe: (url) => statusOf(url, '/usage', key), end: at(act) };
}

function at(act: (url: string) => PromiseLike<unknown>): Doomed['end'] {
  return async (url) => {
    await act(url);
    return url;
  };
}

/** On a connection that is kept: to open one for each request would take longer than what is measured. */
async function statusOf(url: string, path: string, credential: string, body?: object): Promise<number> {
  const headers = { authorization: `Bearer ${credential}`, 'content-type': 'application/json' };
  const answer = await fetch(`${url}/api/v1${path}`, body ? { method: 'POST', headers, body: JSON.stringify(body) } : { headers });
  await answer.arrayBuffer();
  return answer.status;
}
