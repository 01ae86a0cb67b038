// One way to ask the server. The answer is its JSON; everything else is a Refused that says why.
import { say } from "draft/state";

export class Refused extends Error {
  constructor({ code, message, fix = "", fields = {}, status = 0 }) {
    super(fix ? `${message} ${fix}` : message);
    Object.assign(this, { code, status, fields, short: message, fix });
  }
}

// Read anew each time: signing in again in another tab changes it.
export const token = () => document.cookie.match(/(?:^|;\s*)csrftoken=([^;]+)/)?.[1]
  ?? document.querySelector("#draft_form [name=csrfmiddlewaretoken]").value;

export async function ask(url, data, options = {}) {
  let response;
  try {
    response = await fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token() },
      body: JSON.stringify(data),
      redirect: "manual", // to the login
      ...options,
    });
  } catch {
    throw new Refused({ code: "offline", message: say("offline") });
  }
  if (response.type === "opaqueredirect" || response.status === 401) {
    throw new Refused({ code: "signed_out", message: say("signedOut"), status: 401 });
  }
  const answer = await response.json().catch(() => null);
  if (response.ok && answer) return answer;
  const { status } = response;
  throw new Refused({ code: "unexpected", message: say("unexpected", { status }), ...answer, status });
}
