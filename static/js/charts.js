// Draws <canvas data-chart="months" data-source="id">: people newly reached a month, the running total, the needed pace.
// The data stand in a json_script {labels, fresh, cumulative, needed, links}; the same numbers stand in a table beside it.
(() => {
  "use strict";
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(name).trim();
  const inVietnamese = new Intl.NumberFormat("vi-VN");

  const datasetsOf = (data) => [
    { type: "line", label: "Luỹ kế", data: data.cumulative, borderColor: colour("--action"), backgroundColor: colour("--action"), pointRadius: 4, pointHitRadius: 16, tension: 0 },
    { type: "line", label: "Nhịp cần đạt", data: data.needed, borderColor: colour("--ink-soft"), backgroundColor: colour("--ink-soft"), borderDash: [6, 5], pointRadius: 0, tension: 0 },
    { type: "bar", label: "Mới trong tháng", data: data.fresh, backgroundColor: "#9dc3e8", borderColor: colour("--action"), borderWidth: 1, maxBarThickness: 36 },
  ];
  const optionsOf = (data) => ({
    responsive: true,
    maintainAspectRatio: false,
    animation: false,
    locale: "vi-VN",
    interaction: { mode: "index", intersect: false },
    onClick: (event, points) => {
      const link = points.length && data.links && data.links[points[0].index];
      if (link) location.assign(link);
    },
    scales: {
      x: { grid: { display: false } },
      y: { beginAtZero: true, ticks: { precision: 0, callback: (value) => inVietnamese.format(value) } },
    },
    plugins: {
      legend: { position: "bottom", labels: { usePointStyle: true, boxHeight: 8 } },
      tooltip: { callbacks: { label: (item) => `${item.dataset.label}: ${inVietnamese.format(item.raw)}` } },
    },
  });
  const draw = (canvas) => {
    const source = document.getElementById(canvas.dataset.source);
    if (!source) return;
    const data = JSON.parse(source.textContent);
    canvas.setAttribute("role", "img");
    new Chart(canvas, { data: { labels: data.labels, datasets: datasetsOf(data) }, options: optionsOf(data) });
  };

  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  Chart.defaults.font.size = 14;
  Chart.defaults.color = colour("--ink");
  document.querySelectorAll("canvas[data-chart=months]").forEach(draw);
  // Four charts stand side by side on the paper, before it is laid out: each is drawn anew for its place, with small
  // letters and many dots, or nothing would be left for the lines.
  const PAPER = { letters: 8, rotation: 0, radius: 1.5, padding: 3, dots: 4, size: [200, 98] };
  const SCREEN = { letters: 14, rotation: 50, radius: 4, padding: 10, dots: undefined, size: [] };
  const fit = ({ letters, rotation, radius, padding, dots, size }) => {
    Chart.defaults.font.size = letters;
    for (const chart of Object.values(Chart.instances)) {
      chart.options.devicePixelRatio = dots;
      chart.options.scales.x.ticks.maxRotation = rotation;
      Object.assign(chart.options.plugins.legend.labels, { boxHeight: radius * 2, boxWidth: radius * 2, padding });
      chart.data.datasets[0].pointRadius = radius;
      chart.resize(...size);
      chart.update("none");
    }
  };
  window.addEventListener("beforeprint", () => fit(PAPER));
  window.addEventListener("afterprint", () => fit(SCREEN));
})();
