/* A picture of a camera becomes evidence of a case: asked for twice, because evidence is never taken away again. */
(() => {
  const HOLD_MS = 6_000;
  const calm = (button) => {
    clearTimeout(button.calms);
    button.classList.remove("is-sure");
    if (button.dataset.label) button.textContent = button.dataset.label;
  };

  document.addEventListener("click", async ({ target }) => {
    const button = target.closest?.("button.gh-evidence");
    if (!button || button.disabled) return;
    const words = button.dataset, said = button.parentElement.querySelector(".gh-evidence-said");
    words.label ||= button.textContent;
    if (!button.classList.contains("is-sure")) {
      said.textContent = "";
      button.classList.add("is-sure");
      button.textContent = words.sure;
      button.calms = setTimeout(calm, HOLD_MS, button);
      return;
    }
    calm(button);
    button.disabled = true;
    button.textContent = words.sending;
    const answer = await fetch(`/video/${words.camera}/evidence`, {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ case: Number(words.case) }),
    }).catch(() => null);
    if (answer?.status === 401) location.assign(`/login?next=${encodeURIComponent(location.pathname)}`);
    const told = await answer?.json().catch(() => ({}));
    button.disabled = false;
    button.textContent = words.label;
    said.classList.toggle("is-bad", !answer?.ok);
    said.textContent = answer?.ok ? words.done : told?.detail || words.failed;
    if (answer?.ok) window.dash_clientside.set_props("case-moved", { data: Date.now() });
  });
})();
