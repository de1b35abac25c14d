// The browser's Python under Node: one notebook, cell by cell.   node run.mjs RUNTIME FOLDER
//
// FOLDER/order.json says what to prepare, and FOLDER/files lies beside the notebook. Each line that comes in is a cell
// to run, each line that goes out says what became of it; the first pair says that all is ready.
import childProcess from "node:child_process";
import { constants, readFileSync, writeSync } from "node:fs";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const AGAIN_MS = 500; // between two interrupts of a cell that goes on
const [runtime, folder] = process.argv.slice(2);
const order = JSON.parse(readFileSync(`${folder}/order.json`, "utf8"));
const say = (text) => writeSync(1, `${text}\n`);

process.binding = () => ({ fs: constants }); // all that Pyodide asks it for, and what --permission refuses to give

childProcess.spawnSync = () => ({ status: 127 }); // os.system: refused, as in a page, instead of the end of Python

// What Python finds of JavaScript: no network, no files, and an eval that refuses, as in a page.
delete globalThis.fetch;
delete globalThis.WebSocket;
const forPython = { setTimeout, clearTimeout, setInterval, clearInterval, eval: globalThis.eval };

let endsAt = Infinity;
let isLate = false;

// Pyodide looks at place 0 while Python runs; 2 there interrupts it, as in a page where another thread writes it.
const interrupts = {
  get 0() {
    if (performance.now() < endsAt) return 0;
    endsAt = performance.now() + AGAIN_MS;
    isLate = true;
    return 2;
  },
  set 0(_) {},
};

/** The cell is over: no interrupt from now on. Says whether there was one. */
function over() {
  endsAt = Infinity;
  return isLate;
}

async function started() {
  const { loadPyodide } = await import(pathToFileURL(`${runtime}/pyodide.mjs`).href);
  const problems = [];
  const quiet = { messageCallback() {}, errorCallback: (problem) => problems.push(problem) };
  const python = await loadPyodide({ indexURL: `${runtime}/`, jsglobals: forPython, stdout() {}, stderr() {} });
  await python.loadPackage("ipython", quiet);
  for (const cell of order.cells) await python.loadPackagesFromImports(cell, quiet);
  if (problems.length) throw new Error(problems.join("\n"));
  for (const name of order.files) python.FS.writeFile(name, readFileSync(`${folder}/files/${name}`));
  python.runPython(order.alone);
  python.runPython(order.shell);
  python.setInterruptBuffer(interrupts);
  for (const part of [python, python._api]) part.useNodeSockFS = part.initializeNodeSockFS = undefined;
  return python.globals.get("Notebook")(over);
}

/** What became of the cell, as JSON. What Python itself did not catch is an interrupt at an odd moment, or its end. */
async function run(notebook, { source, seconds }) {
  isLate = false;
  endsAt = performance.now() + seconds * 1000;
  try {
    return await notebook.run(source);
  } catch (problem) {
    if (problem.type !== "KeyboardInterrupt") throw problem;
    return JSON.stringify({
      error: "KeyboardInterrupt", message: "", line: null, value: "", score: null, is_late: isLate, has_ended: false,
    });
  } finally {
    endsAt = Infinity;
  }
}

let notebook;
for await (const line of createInterface({ input: process.stdin })) {
  if (notebook) say(await run(notebook, JSON.parse(line)));
  else {
    notebook = await started();
    say('"ready"');
  }
}
