// Compiles what Python in the browser imports, so that no browser compiles it at every start.
//
//   node frontend/compile_runtime.mjs BUILD OUT           writes OUT/compiled-PACKAGE.bin
//   node frontend/compile_runtime.mjs BUILD OUT --check   says which of them is not what BUILD compiles to
//
// BUILD is the folder of a whole build of the runtime. A file is marshal's, of { module: what marshal makes of its code }:
// compiled by the very Python that takes it, from the sources that lie beside it, without the columns of errors: a fifth less.
import { readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const ours = `${dirname(fileURLToPath(import.meta.url))}/../platform/upskill/browser_runtime`;
const [build, out, isCheck] = process.argv.slice(2);
const PACKS = { // what is run before the modules that have been imported are taken, package by package
  ipython: `
try:
    1 / 0
except ZeroDivisionError:
    kernel._shell.showtraceback()
`,
  numpy: "import numpy, numpy.linalg, numpy.random, numpy.testing",
  pandas: `
import pandas, io
table = pandas.DataFrame({"k": list("aab"), "n": [1, 2, None], "d": pandas.to_datetime(["2026-01-03"] * 3)})
table.groupby("k")["n"].agg(["sum", "mean"]); table.merge(table, on="k"); table.pivot_table(index="k", values="n")
table.sort_values("n"); table._repr_html_(); repr(table); pandas.read_csv(io.StringIO("a,b\\n1,x\\n"))
`,
};
const COLLECTING = `
import importlib.machinery, marshal, sys, zipimport
TAKEN = importlib.machinery.SourceFileLoader, zipimport.zipimporter
taken = set(sys.modules)

def collected():
    """{module: code} of what was imported since the last time, in the order of names."""
    new = sorted(set(sys.modules) - taken)
    taken.update(new)
    loaders = {name: getattr(getattr(sys.modules[name], "__spec__", None), "loader", None) for name in new}
    found = {name: loader.get_code(name) for name, loader in loaders.items()
             if isinstance(loader, TAKEN) and not name.startswith("upskill")}
    return {name: code for name, code in found.items() if code}

def packed(codes):
    return marshal.dumps({name: marshal.dumps(code) for name, code in codes.items()})

def differing(codes):
    with open("/blob", "rb") as blob:
        kept = {name: marshal.loads(code) for name, code in marshal.load(blob).items()}
    return sorted(name for name in kept.keys() | codes.keys() if kept.get(name) != codes.get(name))
`;

const { loadPyodide } = await import(pathToFileURL(`${build}/pyodide.mjs`).href);
const python = await loadPyodide({ indexURL: `${build}/`, env: { HOME: "/upskill", PYTHONNODEBUGRANGES: "1" } });
const quiet = { messageCallback() {} };
const own = python.globals.get("dict")();
python.runPython(COLLECTING, { globals: own });
await python.loadPackage("ipython", quiet);
python.runPython(readFileSync(`${ours}/ipython_alone.py`, "utf8"));
python.FS.mkdirTree("/upskill");
python.FS.writeFile("/upskill/upskill_kernel.py", readFileSync(`${ours}/kernel.py`));
python.runPython('import sys; sys.path.append("/upskill")');
const kernel = python.pyimport("upskill_kernel").Kernel(() => {});
await kernel.run("print(1)\n1", "1");
python.globals.set("kernel", kernel);

let isRight = true;
for (const [name, code] of Object.entries(PACKS)) {
  await python.loadPackage(name, quiet);
  python.runPython(code);
  const codes = own.get("collected")();
  const file = `${out}/compiled-${name}.bin`;
  if (isCheck) {
    python.FS.writeFile("/blob", readFileSync(file));
    const differing = own.get("differing")(codes).toJs();
    if (differing.length) console.log(`${file} differs in ${differing.join(", ")}`);
    isRight &&= !differing.length;
  } else {
    writeFileSync(file, own.get("packed")(codes).toJs());
  }
}
process.exit(isRight ? 0 : 1);
