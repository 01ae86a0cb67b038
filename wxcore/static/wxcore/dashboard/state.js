// What is chosen: the account and the period, in the address and remembered; and who is looking.
const stored = (name) => { try { return localStorage.getItem(name) || ""; } catch { return ""; } };
const store = (name, value) => { try { localStorage.setItem(name, value); } catch { /* private mode */ } };
const query = new URLSearchParams(location.search);
const PERIODS = [7, 30, 90];
const listeners = [];

export const state = { me: null, account: "", days: 30 };

export function begin(me) {
  state.me = me;
  const wanted = query.has("account") ? query.get("account") : stored("qunfaDashboardAccount");
  state.account = me.accounts.some((account) => String(account.id) === wanted) ? wanted : "";
  const days = Number(query.get("days") || stored("qunfaDashboardDays"));
  state.days = PERIODS.includes(days) ? days : 30;
}

export function choose(changed) {
  Object.assign(state, changed);
  store("qunfaDashboardAccount", state.account);
  store("qunfaDashboardDays", String(state.days));
  const address = new URL(location.href);
  if (state.account) address.searchParams.set("account", state.account);
  else address.searchParams.delete("account");
  address.searchParams.set("days", state.days);
  history.replaceState(null, "", address);
  for (const listener of listeners) listener(Object.keys(changed));
}

export function onChoice(listener) {
  listeners.push(listener);
}

// The accounts that are looked at, as `me` tells them.
export function accounts() {
  return state.me.accounts.filter((account) => !state.account || String(account.id) === state.account);
}

export function may(permission) {
  return accounts().some((account) => account.permissions.includes(permission));
}

export function nameOf(id) {
  return state.me.accounts.find((account) => account.id === id)?.name ?? "";
}

export function zoneOf(id) {
  return state.me.accounts.find((account) => account.id === id)?.time_zone;
}

// Named only where there are several.
export function showsAccounts() {
  return !state.account && state.me.accounts.length > 1;
}
