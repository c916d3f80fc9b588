import { SMTPServer } from 'smtp-server';

/*
 * A mail server in a process of its own, told over IPC how to answer: `accept`, `defer` (451), `refuse` (550), `hang` (says
 * nothing after the message) or `lock` (535 to every password).
 */
let mode = 'accept';
let received = [];
let attempts = 0;

const refusal = (responseCode, text) => Object.assign(new Error(text), { responseCode });

const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS'],
  disableReverseLookup: true,
  logger: false,
  allowInsecureAuth: true,
  onAuth(_auth, _session, callback) {
    if (mode === 'lock') callback(refusal(535, '5.7.8 wrong password'));
    else callback(null, { user: 'known' });
  },
  onRcptTo({ address }, _session, callback) {
    attempts += 1;
    if (mode === 'defer') callback(refusal(451, `4.3.2 <${address}> not now`));
    else if (mode === 'refuse') callback(refusal(550, `5.1.1 <${address}> no such user`));
    else callback();
  },
  onData(stream, session, callback) {
    const chunks = [];
    stream.on('data', (chunk) => chunks.push(chunk));
    stream.on('end', () => {
      const { mailFrom, rcptTo } = session.envelope;
      received.push({ from: mailFrom.address, to: rcptTo.map(({ address }) => address), raw: Buffer.concat(chunks).toString('latin1') });
      if (mode !== 'hang') callback();
    });
  },
});
server.on('error', () => undefined);

process.on('message', ({ id, ask, value }) => {
  if (ask === 'mode') mode = value;
  if (ask === 'forget') [received, attempts] = [[], 0];
  process.send({ id, answer: ask === 'attempts' ? attempts : received });
});
process.on('disconnect', () => process.exit(0));

server.listen(Number(process.argv[2]), '127.0.0.1', () => process.send('ready'));
