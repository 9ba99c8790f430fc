// Measures @digitalbazaar/vc for the bench. Every line of standard input is a question, answered by one line.
//
// First {"documents": {url: document}, "unsigned": [credential, ...], "signed": [credential, ...], "key": {...}} -> true;
// then {"verb": "sign"} or {"verb": "verify"} -> mean seconds of one credential.
import {createInterface} from 'node:readline';
import * as DidKey from '@digitalbazaar/did-method-key';
import * as Multikey from '@digitalbazaar/ed25519-multikey';
import * as vc from '@digitalbazaar/vc';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';

console.log = console.error; // standard output is for the answers alone
const lines = createInterface({input: process.stdin})[Symbol.asyncIterator]();
const job = JSON.parse((await lines.next()).value);
const didKey = DidKey.driver();
didKey.use({multibaseMultikeyHeader: 'z6Mk', fromMultibase: Multikey.from});
const key = await Multikey.from({type: 'Multikey', ...job.key});

async function documentLoader(url) {
  if(url in job.documents) {
    // The tag lets the peer keep what it derives from a context, as ours does.
    return {contextUrl: null, documentUrl: url, document: job.documents[url], tag: 'static'};
  }
  return {contextUrl: null, documentUrl: url, document: await didKey.get({url})};
}

async function sign(credential) {
  const suite = new DataIntegrityProof({signer: key.signer(), cryptosuite});
  await vc.issue({credential, suite, documentLoader});
}

async function verify(credential) {
  // The signature alone, as measured on the other side: the status list is another question.
  const checkStatus = async () => ({verified: true});
  const suite = new DataIntegrityProof({cryptosuite});
  const {verified, error} = await vc.verifyCredential({credential, documentLoader, checkStatus, suite});
  if(!verified) {
    throw error;
  }
}

async function seconds(act, credentials) {
  const own = structuredClone(credentials);
  const start = performance.now();
  for(const credential of own) {
    await act(credential);
  }
  return (performance.now() - start) / 1000 / own.length;
}

const verbs = {sign: [sign, job.unsigned], verify: [verify, job.signed]};
const answer = value => process.stdout.write(JSON.stringify(value) + '\n');
answer(true);
for await (const line of lines) {
  answer(await seconds(...verbs[JSON.parse(line).verb]));
}
