// Answers one job from standard input with independent implementations, offline: every document comes with the job.
//
// {"mode": "verify", "documents": {url: document}, "credentials": {name: credential}}
//   -> {name: {bazaar: {verified, why, revoked}, dcc: {verified, why, revoked, schema}}}
// {"mode": "issue", "by": "bazaar" or "dcc", "documents": {...}, "credential": {...}, "key": {id, controller, publicKeyMultibase, secretKeyMultibase}}
//   -> the credential, signed
// {"mode": "canonise", "datasets": [N-Quads, ...]} -> [canonical N-Quads, ...]
// {"mode": "forms", "documents": {...}, "credentials": [document, ...]} -> [what a proof would hash, or null, ...]
import {text} from 'node:stream/consumers';
import * as DidKey from '@digitalbazaar/did-method-key';
import * as rdfCanonize from 'rdf-canonize';
import * as Multikey from '@digitalbazaar/ed25519-multikey';
import * as vc from '@digitalbazaar/vc';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {checkStatus} from '@digitalbazaar/vc-bitstring-status-list';
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import * as consortiumVc from '@digitalcredentials/vc';
import * as consortiumMultikey from '@digitalcredentials/ed25519-multikey';
import {DataIntegrityProof as ConsortiumProof} from '@digitalcredentials/data-integrity';
import {cryptosuite as consortiumSuite} from '@digitalcredentials/eddsa-rdfc-2022-cryptosuite';

console.log = console.error; // standard output is for the answer alone
const job = JSON.parse(await text(process.stdin));

// Whatever a library would fetch is answered from the job or not at all.
globalThis.fetch = async request => {
  const url = typeof request === 'string' ? request : request.url ?? String(request);
  if(!(url in job.documents)) {
    return new Response('not found', {status: 404});
  }
  return new Response(JSON.stringify(job.documents[url]), {
    status: 200, headers: {'content-type': 'application/json'}
  });
};
const {verifyCredential} = await import('@digitalcredentials/verifier-core');

const didKey = DidKey.driver();
didKey.use({multibaseMultikeyHeader: 'z6Mk', fromMultibase: Multikey.from});

async function documentLoader(url) {
  const answer = document => ({contextUrl: null, documentUrl: url, document});
  if(url.startsWith('did:key:')) {
    return answer(await didKey.get({url}));
  }
  if(url in job.documents) {
    return answer(job.documents[url]);
  }
  const [did] = url.split('#');
  const key = job.documents[did]?.verificationMethod.find(method => method.id === url);
  if(!key) {
    throw new Error(`no document for ${url}`);
  }
  return answer({'@context': 'https://w3id.org/security/multikey/v1', ...key});
}

function reasons(error) {
  return [error, ...(error?.errors ?? [])].map(one => one?.message).filter(Boolean).join(' | ');
}

async function askBazaar(credential) {
  try {
    const result = await vc.verifyCredential({
      credential, documentLoader, checkStatus, suite: new DataIntegrityProof({cryptosuite})
    });
    return {
      verified: result.verified,
      why: reasons(result.error ?? result.statusResult?.error),
      revoked: result.statusResult?.results?.some(({status}) => status) ?? false
    };
  } catch(error) {
    return {verified: false, why: reasons(error)};
  }
}

async function askConsortium(credential) {
  const result = await verifyCredential({credential, knownDIDRegistries: []});
  const step = id => result.log?.find(entry => entry.id === id);
  const signed = step('valid_signature')?.valid === true;
  const unexpired = step('expiration')?.valid !== false;
  const status = step('revocation_status');
  return {
    verified: !result.errors && signed && unexpired && status?.valid !== false && !status?.error,
    why: [...(result.errors ?? []).map(error => error.message), status?.error?.message].filter(Boolean).join(' | '),
    revoked: status?.valid === false,
    schema: result.additionalInformation?.find(entry => entry.id === 'schema_check')?.results
  };
}

async function issue() {
  if(job.by === 'dcc') {
    const key = await consortiumMultikey.from({type: 'Multikey', ...job.key});
    const suite = new ConsortiumProof({signer: key.signer(), cryptosuite: consortiumSuite});
    return consortiumVc.issue({credential: job.credential, suite, documentLoader});
  }
  const key = await Multikey.from({type: 'Multikey', ...job.key});
  const suite = new DataIntegrityProof({signer: key.signer(), cryptosuite});
  return vc.issue({credential: job.credential, suite, documentLoader});
}

async function verifyAll() {
  const answers = {};
  for(const [name, credential] of Object.entries(job.credentials)) {
    answers[name] = {
      bazaar: await askBazaar(structuredClone(credential)),
      dcc: await askConsortium(structuredClone(credential))
    };
  }
  return answers;
}

async function canonise() {
  return Promise.all(job.datasets.map(dataset => rdfCanonize.canonize(dataset, {
    algorithm: 'RDFC-1.0', inputFormat: 'application/n-quads', format: 'application/n-quads'
  })));
}

async function forms() {
  // A word without definition, a relative address and the like are refused, as by `vc.issue`.
  return Promise.all(job.credentials.map(
    document => cryptosuite.canonize(document, {documentLoader, safe: true}).catch(() => null)));
}

const jobs = {verify: verifyAll, issue, canonise, forms};
process.stdout.write(JSON.stringify(await jobs[job.mode]()));
