// Answers one job from standard input with jose, an independent implementation of JWT, offline.
//
// {"mode": "verify", "keys": {"keys": [JWK, ...]}, "now": seconds, "tokens": {name: text}}
//   -> {name: {verified, why, claims}}; keys are found by `kid`, as a reader of the published JWKS would
// {"mode": "issue", "algorithm": "ES256", "claims": {...}}
//   -> a badge of an issuer whose did:jwk is a key made for it
// {"mode": "thumbprints", "keys": [JWK, ...]} -> [RFC 7638 thumbprint, ...]
import {text} from 'node:stream/consumers';
import * as jose from 'jose';

const job = JSON.parse(await text(process.stdin));

async function verify() {
  const keys = jose.createLocalJWKSet(job.keys);
  const currentDate = new Date(job.now * 1000);
  const answers = {};
  for(const [name, token] of Object.entries(job.tokens)) {
    try {
      const {payload} = await jose.jwtVerify(token, keys, {currentDate, typ: 'JWT'});
      answers[name] = {verified: true, why: '', claims: payload};
    } catch(error) {
      answers[name] = {verified: false, why: `${error.code}: ${error.message}`};
    }
  }
  return answers;
}

async function issue() {
  const {publicKey, privateKey} = await jose.generateKeyPair(job.algorithm, {extractable: true, crv: 'Ed25519'});
  const issuer = `did:jwk:${jose.base64url.encode(JSON.stringify(await jose.exportJWK(publicKey)))}`;
  const claims = {...job.claims, iss: issuer, issuer: {...job.claims.issuer, id: issuer}};
  return new jose.SignJWT(claims)
    .setProtectedHeader({alg: job.algorithm, kid: `${issuer}#0`, typ: 'JWT'})
    .sign(privateKey);
}

async function thumbprints() {
  return Promise.all(job.keys.map(key => jose.calculateJwkThumbprint(key)));
}

const jobs = {verify, issue, thumbprints};
process.stdout.write(JSON.stringify(await jobs[job.mode]()));
