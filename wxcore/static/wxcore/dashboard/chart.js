// Charts by Chart.js, in the page's colours; each has a table behind it.
import { el } from "dashboard/page";
import { onTheme } from "dashboard/theme";

const alive = new Set();
const still = matchMedia("(prefers-reduced-motion: reduce)");
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

export const GREEN = "--chart-1";
export const GREY = "--chart-2";
export const AMBER = "--chart-3";

// `series`: [{ label, data, color, kind: "line" | "bar", axis: "y" | "y2", fill }].
export function chart(label, labels, series, { stacked = false, compact = false } = {}) {
  const canvas = el("canvas", { role: "img", "aria-label": label });
  const frame = el("div", { class: compact ? "chart is-compact" : "chart" }, canvas);
  const drawn = { canvas, labels, series, stacked, chart: null };
  alive.add(drawn);
  // Only once it stands in the page: Chart.js measures its frame.
  requestAnimationFrame(() => draw(drawn));
  return frame;
}

function draw(drawn) {
  drawn.chart?.destroy();
  if (!drawn.canvas.isConnected || typeof Chart === "undefined") {
    alive.delete(drawn);
    return;
  }
  const [text, line] = [colour("--quiet"), colour("--line")];
  const two = drawn.series.some((one) => one.axis === "y2");
  const axis = (position, grid) => ({
    position, beginAtZero: position === "left", stacked: drawn.stacked, grid: { color: line, display: grid, drawTicks: false }, border: { display: false },
    ticks: { color: text, maxTicksLimit: 5, padding: 8, precision: 0, font: { size: 11 } },
  });
  drawn.chart = new Chart(drawn.canvas, {
    data: {
      labels: drawn.labels,
      datasets: drawn.series.map(({ label, data, color, kind, axis: yAxisID = "y", fill }) => ({
        type: kind, label, data, yAxisID, order: kind === "line" ? 0 : 1,
        borderColor: colour(color), backgroundColor: kind === "bar" ? colour(color) : colour(`${color}-soft`),
        pointStyle: kind === "line" ? "line" : "rectRounded", borderWidth: kind === "line" ? 2 : 0, borderRadius: 3, maxBarThickness: 18, fill: Boolean(fill), tension: 0.3,
        pointRadius: data.length > 1 ? 0 : 6, pointHoverRadius: 6, pointHitRadius: 12, spanGaps: true,
      })),
    },
    options: {
      responsive: true, maintainAspectRatio: false, animation: still.matches ? false : { duration: 400 }, interaction: { mode: "index", intersect: false },
      plugins: {
        legend: { position: "bottom", align: "start", labels: { color: text, boxWidth: 16, boxHeight: 9, usePointStyle: true, padding: 16, font: { size: 12 } } },
        tooltip: { backgroundColor: colour("--tip"), titleColor: colour("--tip-text"), bodyColor: colour("--tip-text"), padding: 10, cornerRadius: 6, boxPadding: 4, usePointStyle: true },
      },
      scales: {
        x: { stacked: drawn.stacked, grid: { display: false }, border: { color: line }, ticks: { color: text, maxRotation: 0, autoSkipPadding: 18, font: { size: 11 } } },
        y: axis("left", true), ...(two ? { y2: axis("right", false) } : {}),
      },
    },
  });
}

export function startCharts() {
  onTheme(() => alive.forEach(draw));
}
