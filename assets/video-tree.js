/* The tree of cameras by keyboard: one stop of the Tab key; up and down move, right opens, left goes up, Enter chooses. */
(() => {
  const items = () => [...document.querySelectorAll(".gh-tree [role=treeitem]")];
  const level = (item) => Number(item.getAttribute("aria-level"));
  let held = null;

  const rove = (chosen) => {
    const all = items();
    const stop = chosen || all.find((item) => item.tabIndex === 0 && item.dataset.roved) || all.find((item) => item.getAttribute("aria-selected") === "true") || all[0];
    for (const item of all) {
      const wanted = item === stop ? 0 : -1;
      if (item.tabIndex !== wanted || !item.dataset.roved) { item.tabIndex = wanted; item.dataset.roved = "1"; }
    }
  };

  /* A choice draws the tree anew: who stood on a row stands on it still. */
  const settle = () => {
    rove();
    if (!held || document.activeElement !== document.body) return;
    const same = items().find((item) => item.getAttribute("aria-label") === held || item.title === held);
    if (same) { rove(same); same.focus(); }
  };
  let due = 0;
  new MutationObserver(() => { due ||= setTimeout(() => { due = 0; if (document.querySelector(".gh-tree")) settle(); }, 30); })
    .observe(document.documentElement, { childList: true, subtree: true });

  document.addEventListener("focusin", ({ target }) => {
    const item = target.closest?.(".gh-tree [role=treeitem]");
    held = item ? item.getAttribute("aria-label") || item.title : null;
    if (item) rove(item);
  });

  const above = (all, at) => all.slice(0, at).findLast((item) => level(item) < level(all[at]));

  document.addEventListener("keydown", (event) => {
    const item = event.target.closest?.(".gh-tree [role=treeitem]");
    if (!item || event.altKey || event.ctrlKey || event.metaKey) return;
    const all = items(), at = all.indexOf(item), open = item.getAttribute("aria-expanded");
    const steps = {
      ArrowDown: () => all[at + 1], ArrowUp: () => all[at - 1], Home: () => all[0], End: () => all.at(-1),
      ArrowRight: () => (open === "false" ? item.click() : open === "true" ? all[at + 1] : null),
      ArrowLeft: () => above(all, at),
      " ": () => item.click(),
    };
    if (!steps[event.key]) return;
    event.preventDefault();
    event.stopPropagation();
    steps[event.key]()?.focus();
  });
})();
