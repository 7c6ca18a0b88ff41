/* Charts follow the theme: each figure carries both templates (components/charts.py), this picks the one that is on. */
(() => {
  const scheme = () => document.documentElement.getAttribute("data-mantine-color-scheme") || "light";

  const turn = (chart) => {
    const templates = chart.layout && chart.layout.meta && chart.layout.meta.templates;
    if (!templates || chart.dataset.scheme === scheme() + chart.dataset.drawn) return;
    chart.dataset.scheme = scheme() + chart.dataset.drawn;
    const wanted = templates[scheme()];
    if (chart.layout.template.layout.font.color !== wanted.layout.font.color) {
      window.Plotly.relayout(chart, { template: wanted });
    }
  };

  const watch = (chart) => {
    if (chart.dataset.drawn || !chart.on) return;
    chart.dataset.drawn = "0";
    chart.on("plotly_afterplot", () => {
      chart.dataset.drawn = String(Number(chart.dataset.drawn) + 1);
      turn(chart);
    });
    turn(chart);
  };

  const every = (act) => document.querySelectorAll(".gh-chart .js-plotly-plot").forEach(act);
  new MutationObserver((changes) => {
    if (changes.some((change) => change.type === "attributes")) every((chart) => { chart.dataset.scheme = ""; turn(chart); });
    else every(watch);
  }).observe(document.documentElement, {
    attributes: true, attributeFilter: ["data-mantine-color-scheme"], childList: true, subtree: true,
  });
})();
