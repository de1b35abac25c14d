// Python in a thread of its own: started once, asked cell by cell, stopped, started again.
//
// const python = new Python({ worker, base, imports, compiled, files }, onState);
// const { ok, isStopped, isRestarted } = await python.run(code, name, (output) => ...);
//
// onState is told what goes on: "starting", "late", "loading" { words }, "ready" { bytes }, "running", "slow", "stuck",
// "failed" { reason }. What comes from the thread is learners' code's word: it is drawn, never believed.

import { take } from "./begin.js";

const LATE_AFTER = 60_000; // then the page offers the way without Python, and waits on: a slow line may bring it yet
const LONGEST_FILES = 300_000;
const SLOW_AFTER = 20_000; // then the page offers to stop the cell
const STUCK_AFTER = 4_000; // without a reaction to a stop
const INTERRUPT = 2; // SIGINT

export class Python {
  #settings;
  #onState;
  #files = null; // once they have come
  #thread = null;
  #interrupt = null;
  #isReady = false;
  #isStopping = false;
  #queue = []; // { message, onOutput, resolve }: the first one runs
  #runs = 0;
  #timers = [];

  constructor(settings, onState) {
    this.#settings = settings;
    this.#onState = onState;
    this.#start();
  }

  get isRunning() {
    return this.#queue.length > 0;
  }

  // Settles when the cell has ended; nothing is rejected.
  run(code, name, onOutput) {
    return this.#ask({ type: "run", code, name }, onOutput);
  }

  // Variables, files and modules of the learner's are gone; packages stay imported and are as they were left.
  reset() {
    return this.#ask({ type: "reset" }, () => {});
  }

  // The cell that runs ends where it stands and variables are kept, what waits does not run. Where the headers for that
  // were stripped on the way, Python starts anew.
  stop() {
    if (!this.isRunning) return;
    if (!this.#interrupt || !this.#isReady) {
      this.restart();
      return;
    }
    this.#isStopping = true;
    this.#interrupt[0] = INTERRUPT;
    this.#settle(this.#queue.splice(1), { ok: false, isStopped: true });
    this.#later(STUCK_AFTER, () => this.#onState("stuck"));
  }

  restart() {
    this.#end({ ok: false, isStopped: true, isRestarted: true });
    this.#start();
  }

  async #start() {
    this.#isReady = false;
    this.#isStopping = false;
    this.#onState("starting");
    this.#later(LATE_AFTER, () => this.#onState("late"));
    const { thread, interrupt, heard } = take(this.#settings);
    const isCurrent = () => thread === this.#thread;
    this.#interrupt = interrupt;
    this.#thread = thread;
    thread.onmessage = ({ data }) => isCurrent() && this.#hear(data);
    thread.onerror = () => isCurrent() && this.#fail("python");
    for (const event of heard) thread.dispatchEvent(event);
    try {
      this.#files ??= await Promise.all(this.#settings.files.map(load));
      thread.postMessage({ type: "files", files: this.#files });
    } catch {
      if (isCurrent()) this.#fail("files");
    }
  }

  #ask(message, onOutput) {
    if (!this.#thread) return Promise.resolve({ ok: false, isStopped: true, isFailed: true });
    return new Promise((resolve) => {
      this.#queue.push({ message, onOutput, resolve });
      if (this.#queue.length === 1) this.#send();
    });
  }

  #send() {
    this.#runs += 1;
    this.#thread.postMessage({ ...this.#queue[0].message, run: this.#runs });
    if (this.#isReady) this.#watch();
  }

  #watch() {
    this.#quiet();
    this.#onState("running");
    this.#later(SLOW_AFTER, () => this.#onState("slow"));
  }

  #hear(message) {
    const isOfCurrent = this.isRunning && message.run === this.#runs;
    if (message.type === "loading") this.#onState("loading", message);
    else if (message.type === "ready") this.#ready();
    else if (message.type === "warm") this.#onState(this.isRunning ? "running" : "ready");
    else if (message.type === "failed") this.#fail("python");
    else if (message.type === "output" && isOfCurrent) this.#output(message.output);
    else if (message.type === "done" && isOfCurrent) this.#done(message);
  }

  #ready() {
    this.#isReady = true;
    this.#quiet();
    if (this.isRunning) this.#watch();
    else this.#onState("ready");
  }

  #output(json) {
    try {
      this.#queue[0].onOutput(JSON.parse(json));
    } catch {
      // made up by learners' code
    }
  }

  #done({ ok, bytes }) {
    this.#quiet();
    const { resolve } = this.#queue.shift();
    const isStopped = this.#isStopping;
    this.#isStopping = false;
    if (this.#interrupt) this.#interrupt[0] = 0;
    if (this.isRunning) this.#send();
    else this.#onState("ready", { bytes: Number(bytes) || 0 });
    resolve({ ok: ok === true, isStopped });
  }

  #fail(reason) {
    this.#end({ ok: false, isStopped: true, isFailed: true });
    this.#thread = null;
    this.#onState("failed", { reason });
  }

  #end(result) {
    this.#thread?.terminate();
    this.#quiet();
    this.#settle(this.#queue.splice(0), result);
  }

  #settle(asked, result) {
    asked.forEach(({ resolve }) => resolve(result));
  }

  #later(milliseconds, act) {
    this.#timers.push(setTimeout(act, milliseconds));
  }

  #quiet() {
    this.#timers.forEach(clearTimeout);
    this.#timers = [];
  }
}

async function load({ name, url }) {
  const answer = await fetch(url, { signal: AbortSignal.timeout(LONGEST_FILES) });
  if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
  return { name, bytes: new Uint8Array(await answer.arrayBuffer()) };
}
