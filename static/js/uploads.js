// Sends files to /uploads/ in parts that can be resumed (tus), one file at a time. The page decides what all of it looks like.
//
//   const sending = send(file, { onProgress, onDone, onRefused, onBroken });
//     onProgress(sent, total)   bytes
//     onDone(uploadKey)         the whole file is there; the key names it in a form
//     onRefused(message)        in the server's words, or "" where it had none
//     onBroken(retry, message)  the connection or a storage failed several times: retry() goes on where it stopped
//   sending.cancel()            stops, and removes from the server what it had got
//   sending.retry()             the same as onBroken's; after a refusal it begins anew
//
// Where an upload stands is remembered by this page alone, in memory: the library's store of fingerprints of people's files in
// localStorage is not used. A page that was closed begins again; what it had sent expires on the server within a day.

import "../vendor/tus-js-client/tus.min.js";

const { tus } = window;
const ADDRESS = new URL("/uploads/", window.location).href;
const PART = 5 * 1024 * 1024; // bytes: a slow phone sends one within the time that a platform gives a request
const DELAYS = [500, 2000, 5000, 10_000]; // milliseconds between tries; any progress starts them over
const REFUSALS = new Set([400, 403, 411, 412, 413, 415, 422, 429]);

const waiting = [];
let current = null;

export function send(file, { onProgress, onDone, onRefused, onBroken, part = PART, delays = DELAYS } = {}) {
  let upload = null;
  let address = null; // of the upload on the server, once it is known
  let over = false; // cancelled

  const job = { start, stop: () => upload?.abort() };

  function start() {
    upload = new tus.Upload(file, {
      endpoint: ADDRESS,
      uploadUrl: address,
      chunkSize: part,
      uploadDataDuringCreation: true,
      retryDelays: delays,
      storeFingerprintForResuming: false,
      fingerprint: async () => null,
      onBeforeRequest: (request) => request.setHeader("X-CSRFToken", token()),
      onUploadUrlAvailable: () => { address = upload.url; },
      onShouldRetry: (error) => isPassing(statusOf(error)),
      onProgress: (sent, total) => { if (!over) onProgress?.(sent, total); },
      onSuccess: () => {
        address = upload.url;
        next(job);
        if (!over) onDone?.(keyIn(address));
      },
      onError: (error) => {
        address = upload.url;
        next(job);
        if (over) return;
        const status = statusOf(error);
        if (!REFUSALS.has(status)) {
          onBroken?.(retry, wordsOf(error));
          return;
        }
        address = null;
        onRefused?.(wordsOf(error));
      },
    });
    upload.start();
  }

  function retry() {
    if (over || current === job || waiting.includes(job)) return;
    waiting.push(job);
    next();
  }

  function cancel() {
    if (over) return;
    over = true;
    const position = waiting.indexOf(job);
    if (position >= 0) waiting.splice(position, 1);
    address = upload?.url ?? address;
    job.stop();
    next(job);
    if (address) remove(address);
  }

  retry();
  return { cancel, retry };
}

// Begins with the next file where `done`, or nothing, was on its way.
function next(done = null) {
  if (done && current === done) current = null;
  if (current || !waiting.length) return;
  current = waiting.shift();
  current.start();
}

// What cannot be removed now expires on the server by itself.
function remove(address) {
  const options = { headers: { "X-CSRFToken": token() }, retryDelays: DELAYS };
  tus.Upload.terminate(address, options).catch(() => {});
}

// The cookie is newer than the page where somebody signed in again in another window.
export function token() {
  // Its name has the prefix where the site is served by https.
  const cookie = document.cookie.match(/(?:^|; )(?:__Host-)?csrftoken=([^;]*)/);
  return cookie?.[1] ?? document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
}

// What may go well the next time: no answer at all, another request for the same upload, a server that is busy or down.
function isPassing(status) {
  return status === 0 || status === 409 || status === 423 || status >= 500;
}

function statusOf(error) {
  return error.originalResponse?.getStatus() ?? 0;
}

// Only plain text is meant for people; a page that says what is wrong is not.
function wordsOf(error) {
  const response = error.originalResponse;
  return response?.getHeader("Content-Type")?.startsWith("text/plain") ? response.getBody() : "";
}

function keyIn(address) {
  return new URL(address, window.location).pathname.split("/")[2];
}
