// Whether the way without Python is seen. This runs before anything of the exercise is drawn, so that nothing jumps: the
// way is hidden while Python may still come, and shown again if main.js does not arrive, throws, or has not begun after a
// while. Without this script, or in a browser without modules, it is always seen.
(() => {
  if (!("noModule" in HTMLScriptElement.prototype)) return;
  const { classList, dataset } = document.body;
  const LATEST = 30_000; // milliseconds
  const giveUp = () => {
    if (dataset.python) return; // main.js has begun: it says how things go
    classList.remove("app-python-comes");
    const state = document.getElementById("python-state");
    if (!state) return;
    state.textContent = state.dataset.failed;
    document.getElementById("said").textContent = state.dataset.failed;
  };
  classList.add("app-python-comes");
  setTimeout(giveUp, LATEST);
  const isOfScripts = (target) => target === window || target instanceof HTMLScriptElement;
  window.addEventListener("error", ({ target }) => isOfScripts(target) && giveUp(), true);
})();
