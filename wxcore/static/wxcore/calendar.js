// The calendar of the campaigns, on FullCalendar. All times are those on the wall of a campaign's account: they travel
// without an offset, and "UTC" below only keeps the browser from shifting them.
(() => {
  const data = JSON.parse(document.getElementById("calendar-data").textContent);
  const { words } = data;
  const $ = (id) => document.getElementById(id);
  const say = (name, values = {}) => words[name].replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
  const asked = new URLSearchParams(location.search);
  const isNarrow = matchMedia("(max-width: 700px)").matches;
  const VIEWS = { month: "dayGridMonth", week: "timeGridWeek", list: "listMonth" };
  const MORNING = "07:30";
  const account = () => $("c-account")?.value ?? "";
  const moveDialog = $("c-move");
  const dayDialog = $("c-day");

  // The wall that the line of the present is drawn on: the chosen account's, or this site's.
  const now = () => {
    const zones = [...new Set(Object.values(data.zones))];
    const timeZone = data.zones[account()] ?? (zones.length === 1 ? zones[0] : data.zone);
    return new Date().toLocaleString("sv-SE", { timeZone }).replace(" ", "T");
  };
  const wall = (date) => date.toISOString().slice(0, 16);
  const inWords = (date) => calendar.formatDate(date, {
    weekday: "short", month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
  });

  async function ask(url, options = {}) {
    let response;
    try {
      response = await fetch(url, { redirect: "manual", ...options });
    } catch {
      throw new Error(say("offline"));
    }
    if (response.type === "opaqueredirect" || response.status === 401) throw new Error(say("signedOut"));
    if (response.ok) return response;
    const refusal = await response.json().catch(() => null);
    throw new Error(refusal ? `${refusal.message} ${refusal.fix}` : say("unexpected", response));
  }

  const toast = $("c-toast");
  let fading;
  function tell(message, undo = null) {
    clearTimeout(fading);
    toast.querySelector("span").textContent = message;
    const button = toast.querySelector("button");
    button.hidden = !undo;
    button.onclick = undo;
    toast.hidden = false;
    fading = setTimeout(() => { toast.hidden = true; }, undo ? 20000 : 8000);
  }

  async function load(info, succeed, fail) {
    const query = new URLSearchParams({ start: info.startStr.slice(0, 10), end: info.endStr.slice(0, 10) });
    if (account()) query.set("account", account());
    try {
      const { events, more } = await (await ask(`${data.urls.events}?${query}`)).json();
      note(more ? words.more : "");
      succeed(events);
    } catch (error) {
      note(`${words.failed} ${error.message}`);
      fail(error);
    }
  }

  function note(text) {
    $("c-note").textContent = text;
    $("c-note").hidden = !text;
  }

  const isAmongMany = () => Object.keys(data.zones).length > 1 && !account();

  function draw({ event, timeText, view }) {
    const { icon, account: name, zone } = event.extendedProps;
    const box = document.createElement("span");
    box.className = "c-event";
    const put = (className, text) => {
      const part = box.appendChild(document.createElement("span"));
      part.className = className;
      part.textContent = text;
      return part;
    };
    const isList = view.type.startsWith("list");
    put("material-symbols-outlined", icon).setAttribute("aria-hidden", "true");
    if (!isList) put("c-time", timeText);
    put("c-title", event.title);
    const below = [isAmongMany() ? name : "", isList ? zone : ""].filter(Boolean).join(" · ");
    if (below) put("c-account", below);
    return { domNodes: [box] };
  }

  function describe({ event, el, view }) {
    const facts = event.extendedProps;
    const link = el.matches("a") ? el : el.querySelector("a");
    el.dataset.campaign = event.id;
    el.title = [`${inWords(event.start)} ${facts.zone}`.trim(), event.title, facts.status, facts.account, facts.about].join("\n");
    link?.setAttribute("aria-label", [say("label", {
      time: inWords(event.start), title: event.title, status: facts.status, account: facts.account,
    }), facts.moveUrl ? words.keys : ""].filter(Boolean).join(". "));
    if (!facts.moveUrl) return;
    link?.setAttribute("aria-keyshortcuts", "M");
    el.addEventListener("keydown", (press) => {
      if (press.key.toLowerCase() === "m" && !press.ctrlKey && !press.metaKey && !press.altKey) location.href = facts.moveUrl;
    });
    if (view.type.startsWith("list")) {
      const move = document.createElement("a");
      Object.assign(move, { href: facts.moveUrl, className: "q-link c-move", textContent: words.move });
      move.addEventListener("click", (click) => click.stopPropagation()); // a click on the row opens the campaign
      el.querySelector(".fc-list-event-title")?.append(move);
    }
  }

  async function post(event, at, seen) {
    const response = await ask(event.extendedProps.dropUrl, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": document.querySelector("[name=csrfmiddlewaretoken]").value },
      body: JSON.stringify({ at, seen }),
    });
    return response.json();
  }

  // What was dropped stays where it is while its person is asked, and goes back when the answer is no.
  async function drop({ event, oldEvent, revert }) {
    const at = wall(event.start);
    if (at <= now()) {
      revert();
      tell(`${words.passed} ${words.unmoved}`);
      return;
    }
    if (!await confirmed(event, oldEvent, at)) {
      revert();
      return;
    }
    try {
      const moved = await post(event, at, event.extendedProps.seen);
      take(event, moved);
      tell(moved.message, () => undo(event, wall(oldEvent.start), moved.event.seen));
    } catch (error) {
      revert();
      tell(error.message);
    }
    calendar.refetchEvents(); // others move things as well
  }

  function take(event, moved) {
    event.setStart(moved.event.start);
    event.setExtendedProp("seen", moved.event.seen);
  }

  async function undo(event, at, seen) {
    toast.hidden = true;
    try {
      await post(event, at, seen);
      tell(words.undone);
    } catch (error) {
      tell(error.message);
    }
    calendar.refetchEvents();
  }

  async function confirmed(event, oldEvent, at) {
    const { account: name, zone, timingUrl } = event.extendedProps;
    const facts = { title: event.title, account: name, from: inWords(oldEvent.start), to: `${inWords(event.start)} ${zone}` };
    for (const [fact, text] of Object.entries(facts)) moveDialog.querySelector(`[data-fact=${fact}]`).textContent = text;
    const button = moveDialog.querySelector("[value=move]");
    button.disabled = true;
    $("c-findings").textContent = "…";
    moveDialog.returnValue = "";
    moveDialog.showModal();
    const closed = new Promise((resolve) => { moveDialog.addEventListener("close", resolve, { once: true }); });
    try {
      $("c-findings").innerHTML = await (await ask(`${timingUrl}?${new URLSearchParams({ at })}`)).text();
      button.disabled = Boolean($("c-findings").querySelector(".q-note-error"));
      if (moveDialog.open && !button.disabled) button.focus();
    } catch (error) {
      $("c-findings").textContent = error.message;
    }
    await closed;
    return moveDialog.returnValue === "move";
  }

  async function openDay(at) {
    const isPast = at.length > 10 ? at <= now() : at < now().slice(0, 10);
    if (isPast) {
      tell(words.passed);
      return;
    }
    const query = new URLSearchParams({ at });
    if (account()) query.set("account", account());
    try {
      $("c-day-body").innerHTML = await (await ask(`${data.urls.day}?${query}`)).text();
      dayDialog.showModal();
    } catch (error) {
      tell(error.message);
    }
  }

  dayDialog.addEventListener("click", (click) => {
    if (click.target === dayDialog || click.target.closest("[data-close]")) dayDialog.close();
  });
  $("c-account")?.addEventListener("change", () => {
    remember();
    calendar.refetchEvents();
    calendar.setOption("now", now);
  });

  function remember() {
    const view = Object.keys(VIEWS).find((name) => VIEWS[name] === calendar.view.type);
    const query = new URLSearchParams({ view, date: calendar.getDate().toISOString().slice(0, 10) });
    if (account()) query.set("account", account());
    history.replaceState(null, "", `?${query}`);
  }

  let calendar = null;
  calendar = new FullCalendar.Calendar($("calendar"), {
    locale: data.language,
    timeZone: "UTC",
    now,
    firstDay: 1,
    initialView: VIEWS[asked.get("view")] ?? (isNarrow ? VIEWS.list : VIEWS.month),
    initialDate: /^\d{4}-\d\d-\d\d$/.test(asked.get("date") ?? "") ? asked.get("date") : undefined,
    headerToolbar: { left: "prev,next today", center: "title", right: "dayGridMonth,timeGridWeek,listMonth" },
    buttonText: { month: words.month, week: words.week, list: words.list, today: words.today },
    buttonHints: { prev: words.previous, next: words.next, today: words.today },
    height: "auto",
    views: {
      dayGridMonth: { dayMaxEvents: 4 },
      timeGridWeek: { ...(isNarrow && { dayHeaderFormat: { weekday: "narrow", day: "numeric" } }), slotDuration: "00:30", snapDuration: "00:15", scrollTime: MORNING },
    },
    allDaySlot: false,
    dayCellContent: ({ date, view }) => (view.type === VIEWS.month ? String(date.getUTCDate()) : undefined),
    nowIndicator: true,
    navLinks: true,
    navLinkDayClick: (date) => openDay(date.toISOString().slice(0, 10)),
    dateClick: (info) => openDay(info.allDay ? info.dateStr.slice(0, 10) : wall(info.date)),
    editable: false,
    eventDurationEditable: false,
    eventDisplay: "block",
    eventTimeFormat: { hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
    slotLabelFormat: { hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
    defaultTimedEventDuration: "01:00",
    // A campaign goes out at a moment: one late in the evening is not one of the next day.
    nextDayThreshold: "12:00",
    longPressDelay: 400,
    noEventsContent: words.empty,
    events: load,
    loading: (busy) => $("calendar").setAttribute("aria-busy", String(busy)),
    eventClassNames: ({ event }) => [`c-${event.extendedProps.kind}`],
    eventContent: draw,
    eventDidMount: describe,
    eventDrop: drop,
    datesSet: ({ view }) => {
      view.calendar.setOption("height", view.type === VIEWS.week ? 760 : "auto"); // not an option of a single view
      if (view.type === VIEWS.week) requestAnimationFrame(() => view.calendar.scrollToTime(MORNING));
      if (calendar) remember();
    },
  });
  calendar.render();
})();
