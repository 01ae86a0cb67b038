// Words, numbers and elements. Data get into the page as text, never as HTML.
const data = JSON.parse(document.getElementById("dashboard-data").textContent);
const language = document.documentElement.lang === "en" ? "en" : "zh-CN";
const numbers = new Intl.NumberFormat(language);
const SHANGHAI = "Asia/Shanghai";
const MOMENT = { month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", hour12: false };
const clock = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });
const date = new Intl.DateTimeFormat(language, { month: "short", day: "numeric", timeZone: "UTC" });
const relative = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
const STEPS = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];

export const links = data.links;

export function t(name, values = {}) {
  return data.words[name].replace(/\{(\w+)\}/g, (whole, key) => (key in values ? values[key] : whole));
}

// The word for one, where there is one, or that for any other number.
export function tn(name, count) {
  return t(count === 1 && `${name}_one` in data.words ? `${name}_one` : name, { count: number(count) });
}

export function has(name) {
  return name in data.words;
}

export function number(value) {
  return value === null || value === undefined ? "–" : numbers.format(value);
}

export function signed(value) {
  return value > 0 ? `+${numbers.format(value)}` : numbers.format(value).replace("-", "−");
}

export function rate(value) {
  return value === null || value === undefined ? "–" : `${(value * 100).toFixed(value < 0.1 ? 2 : 1)}%`;
}

export function dayOf(text) {
  return date.format(new Date(`${text}T00:00:00Z`));
}

// On the wall of an account, wherever the reader is; the zone is named where that is not the reader's time.
export function time(text, timeZone) {
  const then = new Date(text);
  const there = new Intl.DateTimeFormat(language, { ...MOMENT, timeZone }).format(then);
  if (there === new Intl.DateTimeFormat(language, MOMENT).format(then)) return there;
  return new Intl.DateTimeFormat(language, { ...MOMENT, timeZone, timeZoneName: "short" }).format(then);
}

export function now() {
  return clock.format(new Date());
}

// "in 3 hours", "5 minutes ago".
export function ago(text) {
  const seconds = (new Date(text) - Date.now()) / 1000;
  const [unit, size] = STEPS.find(([, length]) => Math.abs(seconds) >= length) || STEPS[3];
  // By the calendar: tomorrow evening is more than 36 hours away for who looks in the early morning.
  return relative.format(unit === "day" ? daysUntil(new Date(text)) : Math.round(seconds / size), unit);
}

function daysUntil(then) {
  const midnight = (moment) => Date.UTC(moment.getFullYear(), moment.getMonth(), moment.getDate());
  return Math.round((midnight(then) - midnight(new Date())) / 86400_000);
}

// Today as WeChat counts days.
export function today() {
  return new Intl.DateTimeFormat("en-CA", { timeZone: SHANGHAI }).format(new Date());
}

export function daysBefore(day, count) {
  const then = new Date(`${day}T00:00:00Z`);
  then.setUTCDate(then.getUTCDate() - count);
  return then.toISOString().slice(0, 10);
}

export function row(kind, id) {
  return links.rows[kind].replace("/0/", `/${encodeURIComponent(id)}/`);
}

// el("p", { class: "quiet", text: name }, child, child): attributes, `text`, and `on` with listeners.
export function el(tag, options = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "text") made.textContent = value;
    else if (name === "on") for (const [event, listener] of Object.entries(value)) made.addEventListener(event, listener);
    else if (name === "style") for (const [key, one] of Object.entries(value)) made.style.setProperty(key, one);
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter(Boolean));
  return made;
}

const SHAPES = {
  users: "M16 19v-1a4 4 0 0 0-4-4H7a4 4 0 0 0-4 4v1M9.5 10.500a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7M21 19v-1a4 4 0 0 0-3-3.870M15.500 3.700a3.500 3.500 0 0 1 0 6.600",
  send: "M21 3 10.500 13.500M21 3l-6.500 18-4-7.500L3 9.500z",
  read: "M2.500 12S6 5.500 12 5.500 21.500 12 21.500 12 18 18.500 12 18.500 2.500 12 2.500 12M12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6",
  share: "M8.700 10.700l6.600-3.900M8.700 13.300l6.600 3.900M6 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6M18 8a3 3 0 1 0 0-6 3 3 0 0 0 0 6M18 22a3 3 0 1 0 0-6 3 3 0 0 0 0 6",
  chat: "M21 12a8 8 0 0 1-8 8H4l2-3.300A8 8 0 1 1 21 12M9 11h6M9 14.500h4",
  check: "M4.500 12.500 10 18 20 6.500",
  error: "M12 8v5M12 16.500v.1M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18",
  warning: "M12 9v4.500M12 17v.1M10.300 4 2.800 17.500a2 2 0 0 0 1.700 3h15a2 2 0 0 0 1.700-3L13.700 4a2 2 0 0 0-3.400 0",
  info: "M12 11v5.500M12 7.500v.1M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18",
  clock: "M12 7v5l3.500 2M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18",
  pause: "M8.500 5v14M15.500 5v14",
  sync: "M20 5v5h-5M4 19v-5h5M5.600 9a7 7 0 0 1 11.800-2.400L20 10M4 14l2.600 3.400A7 7 0 0 0 18.400 15",
  sun: "M12 16.500a4.500 4.500 0 1 0 0-9 4.500 4.500 0 0 0 0 9M12 2v2M12 20v2M4.900 4.900l1.400 1.400M17.700 17.700l1.400 1.400M2 12h2M20 12h2M4.900 19.100l1.400-1.400M17.700 6.300l1.400-1.400",
  moon: "M20 14.500A8.500 8.500 0 0 1 9.500 4 8.500 8.500 0 1 0 20 14.500",
  screen: "M3 5h18v11H3zM9 20h6M12 16v4",
  go: "M9 5.500 15.500 12 9 18.500",
};

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  for (const [key, value] of Object.entries({ viewBox: "0 0 24 24", class: "icon", "aria-hidden": "true", focusable: "false" })) svg.setAttribute(key, value);
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", SHAPES[name]);
  svg.append(path);
  return svg;
}

export function say(text) {
  document.getElementById("said").textContent = text;
}
