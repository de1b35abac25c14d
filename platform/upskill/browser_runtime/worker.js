// Python for the page of an exercise, in a thread of its own and behind a Content-Security-Policy of its own: whatever
// runs here may load the files of Python and nothing else. web.browser_python serves it, after the .py files beside it as
// PRECOMPILED, ALONE and KERNEL.
//
// The page says                                   and hears
//   start  { base, interrupt, imports, compiled }   loading { what }, ready, warm
//   files  { files: [{ name, bytes }] }
//   run    { run, code, name }                      output { run, output } ..., then done { run, ok, bytes }
//   reset  { run }                                  done { run, ok }
// No cell runs before the files of the exercise are laid down. A failure that is not a cell's is said: failed { message }.

const HOME = "/exercise";
const OURS = "/upskill";
const IMPORT = /^\s*(?:import|from)\s/m;
const LOST = "Failed to load ";
const NOT_PYTHON = /^\s*[%!].*$/gm; // lines that IPython alone understands

const say = (type, more = {}) => self.postMessage({ type, ...more });
const filesCame = later();
const started = later();
let python;
let kernel;
let compiled; // { place, sums }: whose modules need not be compiled here, package -> what their file must be
const asked = new Map(); // of these: package -> when its bytes have come
const taken = new Map(); // package -> when its modules are known
let files = [];
let current = 0; // the run whose outputs come now
let waiting = 0; // runs that are not done
let last = Promise.resolve();

// As Promise.withResolvers, which not every browser has that runs this.
function later() {
  const made = {};
  made.promise = new Promise((resolve, reject) => Object.assign(made, { resolve, reject }));
  return made;
}

async function start({ base, interrupt, compiled: sums }) {
  say("loading", { what: "python" });
  const indexURL = new URL(base, self.location.href).href;
  compiled = { place: indexURL, sums };
  bytesOf("ipython"); // while Python starts
  const { loadPyodide } = await import(`${indexURL}pyodide.mjs`);
  python = await loadPyodide({
    indexURL,
    packages: ["ipython"], // loaded while Python itself is compiled
    env: { HOME, MPLBACKEND: "module://matplotlib_inline.backend_inline" },
    stdout() {},
    stderr() {},
  });
  python.FS.mkdirTree(OURS);
  python.FS.writeFile(`${OURS}/upskill_kernel.py`, KERNEL);
  python.FS.writeFile(`${OURS}/upskill_precompiled.py`, PRECOMPILED);
  python.runPython(`import sys; sys.path.append("${OURS}")`);
  await take("ipython");
  python.runPython(ALONE);
  kernel = python.pyimport("upskill_kernel").Kernel((output) => say("output", { run: current, output }));
  if (interrupt) python.setInterruptBuffer(interrupt);
  say("ready");
}

// The compiled modules of a package, once. Where they do not come, its modules are compiled here, and all else is the same.
function take(name) {
  if (!taken.has(name)) taken.set(name, bytesOf(name).then((bytes) => bytes && know(name, bytes)));
  taken.get(name).catch(() => taken.delete(name)); // stopped meanwhile: the next that wants it takes it
  return taken.get(name);
}

function bytesOf(name) {
  if (!asked.has(name)) asked.set(name, download(`${compiled.place}compiled-${name}.bin`, compiled.sums[name]));
  return asked.get(name);
}

async function download(url, integrity) {
  try {
    const answer = await fetch(url, { integrity });
    return answer.ok && new Uint8Array(await answer.arrayBuffer());
  } catch {
    return null;
  }
}

function know(name, bytes) {
  const path = `${OURS}/${name}`;
  python.FS.writeFile(path, bytes);
  python.pyimport("upskill_precompiled").add(path);
}

// What could not be downloaded, as Pyodide names it: it says so and goes on. Empty where everything is there.
async function load(code) {
  const lines = code.replace(NOT_PYTHON, "");
  if (!IMPORT.test(lines)) return "";
  let lost = "";
  const messageCallback = (words) => {
    if (words.startsWith(LOST)) lost = words.slice(LOST.length);
    else say("loading", { what: "packages", words });
  };
  Object.keys(compiled.sums).filter((name) => lines.includes(name)).forEach(bytesOf); // while the packages come
  await python.loadPackagesFromImports(lines, { messageCallback, errorCallback() {} });
  await Promise.all(Object.keys(compiled.sums).filter((name) => name in python.loadedPackages).map(take));
  return lost;
}

// What the exercise imports is brought while the learner reads; a cell that is run meanwhile goes first.
async function warm(imports) {
  for (const name of imports) {
    await unlessStopped(() => load(`import ${name}`));
    await new Promise((resume) => setTimeout(resume));
    try {
      if (!waiting) kernel.warm([name]);
    } catch {
      return; // stopped: the cell that wants it imports it
    }
  }
  say("warm");
}

function layFiles() {
  for (const { name, bytes } of files) python.FS.writeFile(`${HOME}/${name}`, bytes);
}

async function run({ run: number, code, name }) {
  current = number;
  const ok = await unlessStopped(async () => {
    const lost = await load(code);
    if (lost) say("output", { run: number, output: JSON.stringify({ output_type: "lost", names: lost }) });
    return !lost && (await kernel.run(code, name));
  });
  say("done", { run: number, ok, bytes: python._module.HEAPU8.length });
}

// What `act` gives; false where it was stopped between two steps of ours.
async function unlessStopped(act) {
  try {
    return await act();
  } catch (fault) {
    if (!String(fault).includes("KeyboardInterrupt")) throw fault;
    return false;
  }
}

async function reset({ run: number }) {
  current = number;
  const ok = await unlessStopped(() => {
    kernel.reset();
    layFiles(); // as they came: a cell may have changed them
    return true;
  });
  say("done", { run: number, ok, bytes: python._module.HEAPU8.length });
}

// One after the other, in the order in which they came.
async function inTurn(act) {
  waiting += 1;
  const mine = last.then(act);
  last = mine.catch(() => {});
  try {
    await mine;
  } finally {
    waiting -= 1;
  }
}

const ACTS = {
  async start(message) {
    await start(message);
    filesCame.promise.then(layFiles);
    started.resolve();
    await warm(message.imports);
  },
  async files(message) {
    files = message.files;
    filesCame.resolve();
  },
  run: (message) => inTurn(() => run(message)),
  reset: (message) => inTurn(() => reset(message)),
};

self.onmessage = async ({ data: message }) => {
  try {
    if (message.type === "run" || message.type === "reset") await Promise.all([started.promise, filesCame.promise]);
    await ACTS[message.type](message);
  } catch (fault) {
    say("failed", { message: String(fault) });
  }
};
