// Starts Python's thread before the rest of the page's scripts has come, as Python takes longest. python.js takes it over.

export function begin({ worker, base, imports, compiled }) {
  const interrupt = self.crossOriginIsolated ? new Uint8Array(new SharedArrayBuffer(1)) : null;
  const thread = new Worker(worker, { type: "module" });
  const heard = []; // until somebody listens
  thread.onmessage = thread.onerror = (event) => heard.push(event);
  thread.postMessage({ type: "start", base, imports, compiled, interrupt });
  return { thread, interrupt, heard };
}

let first = begin(JSON.parse(document.getElementById("notebook").dataset.about).python);

// The thread that has begun with the page, once; later ones begin now.
export function take(settings) {
  const begun = first ?? begin(settings);
  first = null;
  return begun;
}
