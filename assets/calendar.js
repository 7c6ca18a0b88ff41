/* Days of a year by the arrow keys: one of them is reached by Tab, the others from there. */
(() => {
  const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };
  document.addEventListener("keydown", (event) => {
    const day = event.target.closest?.("a.gh-day");
    const step = STEPS[event.key];
    if (!day || !step) return;
    event.preventDefault();
    const next = document.querySelector(`a.gh-day[data-day="${Number(day.dataset.day) + step}"]`);
    if (!next) return;
    day.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  });
})();
