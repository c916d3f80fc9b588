import { settingsFrom, SettingsError } from './load-settings.js';

describe('settings', () => {
  it('need nothing: every one has a default', () => {
    expect(settingsFrom({})).toMatchObject({ port: 3000, dataDir: './data', corsOrigins: ['*'], jobsEnabled: true });
  });

  it('are read from the environment in their own types, and an empty one counts as not given', () => {
    const read = settingsFrom({ PORT: ' 8080 ', JOBS_ENABLED: '0', CORS_ORIGINS: 'https://a.example, https://b.example', DATABASE_URL: '', LOG_LEVEL: '  ' });
    expect(read).toMatchObject({ port: 8080, jobsEnabled: false, corsOrigins: ['https://a.example', 'https://b.example'], logLevel: 'info' });
    expect(read.databaseUrl).toBeUndefined();
  });

  it.each([
    ['PORT', '70000'],
    ['PORT', '80a'],
    ['PORT', '1.5'],
    ['PUBLIC_URL', 'provost.example'],
    ['PUBLIC_URL', 'ftp://provost.example'],
    ['BODY_LIMIT_BYTES', '10'],
    ['SHUTDOWN_SECONDS', '0'],
    ['LOG_LEVEL', 'loud'],
    ['LOG_REQUESTS', 'some'],
    ['METRICS_TOKEN', 'short'],
    ['TRUST_PROXY', '10.0.0.0/8, everybody'],
    ['TRUST_PROXY', '10.0.0.0/40'],
    ['HTTPS_ONLY', 'yes'],
    ['HSTS_SECONDS', '-1'],
    ['RATE_LIMIT_SIGN_IN', '60'],
    ['RATE_LIMIT_PUBLIC', '60/0'],
    ['DATABASE_URL', 'postgres://localhost/app'],
    ['DATABASE_URL', 'mysql://localhost'],
    ['REDIS_URL', 'http://localhost:6379'],
    ['REDIS_URL', 'redis://'],
    ['DATABASE_POOL_SIZE', '1'],
    ['DATABASE_TIMEOUT_MS', '-5'],
    ['MIGRATE_ON_START', 'perhaps'],
    ['JOBS_ENABLED', 'yes'],
    ['MASTER_KEY', 'c2hvcnQ='],
    ['SIGNING_KEY', '-----BEGIN RSA PRIVATE KEY-----'],
    ['KEY_ENVIRONMENT', 'Live!'],
    ['PASSWORD_MIN_LENGTH', '4'],
    ['ARGON2_PASSES', '0'],
    ['ACCESS_TOKEN_SECONDS', '901'],
    ['SESSION_IDLE_HOURS', 'NaN'],
    ['ADMIN_USERNAME', 'A'],
    ['ADMIN_PASSWORD', 'short'],
    ['SMTP_URL', 'https://mail.example'],
    ['SMTP_URL', 'smtp://'],
    ['MAIL_FROM', 'nobody'],
    ['MAIL_FROM', 'Provost <a@b.example>\r\nBcc: <c@d.example>'],
    ['APP_URL', 'app.example'],
    ['VERIFY_EMAIL_URL', 'https://app.example/verify'],
    ['RESET_PASSWORD_URL', 'javascript:alert({token})'],
    ['INTAKE_MEMORY_BYTES', '1e3'],
    ['SPOOL_BYTES', 'Infinity'],
  ])('stop the start when %s is %j, with a sentence that names it', (name, value) => {
    expect(() => settingsFrom({ [name]: value })).toThrow(SettingsError);
    expect(() => settingsFrom({ [name]: value })).toThrow(new RegExp(`^Wrong setting: ${name} .{8,}\\.$`, 's'));
  });

  it('name every wrong one at once, and never repeat a secret', () => {
    const wrong = { PORT: '-1', MASTER_KEY: 'hunter2hunter2', METRICS_TOKEN: 'hunter3' };
    expect(() => settingsFrom(wrong)).toThrow(/PORT .*METRICS_TOKEN .*MASTER_KEY /);
    expect(() => settingsFrom(wrong)).not.toThrow(/hunter/);
  });
});
