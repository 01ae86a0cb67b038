// The API. Every failure becomes one with words and, where there is one, a way out.
import { t } from "dashboard/page";

export class Failure extends Error {
  constructor(status, body) {
    super(body.message || t("no_connection"));
    this.status = status;
    this.fix = body.fix || "";
  }
}

export async function ask(path, query = {}) {
  const asked = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== "" && value !== undefined && value !== null));
  let answer;
  try {
    answer = await fetch(`/api/v1/${path}${asked.size ? `?${asked}` : ""}`, { headers: { Accept: "application/json" }, credentials: "same-origin" });
  } catch {
    throw new Failure(0, { message: t("no_connection"), fix: t("no_connection_fix") });
  }
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Failure(answer.status, body);
  return body;
}
