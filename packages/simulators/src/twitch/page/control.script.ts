interface ShownPerson {
  login: string;
  displayName: string;
  channel: { title: string; game: string };
  live: { viewers: number; startedAt: number } | null;
}

interface ShownState {
  people: ShownPerson[];
  switches: { losing: number; delayMs: number; duplicating: number; holding: boolean; held: number };
  faults: { kind: string; status?: number; operation?: string; times?: number }[];
  conduits: { shards: string[] }[];
  sockets: object[];
  deliveries: { messageId: string; type: string; about: string; state: string; tries: number[] }[];
  subscriptions: { type: string; about: string; status: string; transport: { method: string; callback?: string } }[];
}

/** Runs in the browser: shows the state, again every second, and sends what is pressed. Uses nothing from outside. */
export function runControlPage(): void {
  const byId = (id: string) => document.getElementById(id) as HTMLElement;
  const find = <T extends Element>(within: ParentNode, selector: string) => within.querySelector(selector) as T;
  const channels = new Map<string, HTMLElement>();
  let shown = "";

  async function send(action: object): Promise<void> {
    const body = JSON.stringify(action);
    const answer = await fetch("/_simulator/action", { method: "POST", body }).catch(() => undefined);
    const problem = byId("problem");
    problem.hidden = answer?.ok === true;
    if (!problem.hidden)
      problem.textContent =
        answer === undefined ? "The simulator has ended." : ((await answer.json()) as { message: string }).message;
    await refresh();
  }

  /** A card of one channel. Made once: what is being typed is never written over. */
  function channelCard({ login, displayName, channel, live }: ShownPerson): HTMLElement {
    const card = (byId("channel") as HTMLTemplateElement).content.firstElementChild?.cloneNode(true) as HTMLElement;
    const form = find<HTMLFormElement>(card, "form");
    const field = (name: string) => find<HTMLInputElement>(form, `[name="${name}"]`);
    find(card, "h3").textContent = displayName;
    field("title").value = channel.title;
    field("game").value = channel.game;
    if (live !== null) field("viewers").value = String(live.viewers);
    const about = () => ({ login, title: field("title").value, game: field("game").value });
    const viewers = () => Number(field("viewers").value || 0);
    const does: Record<string, () => Promise<void>> = {
      live: () => send({ action: "live", ...about(), viewers: viewers() }),
      end: () => send({ action: "end", login }),
      async save() {
        await send({ action: "channel", ...about() });
        if (card.classList.contains("live")) await send({ action: "viewers", login, viewers: viewers() });
      },
      flap: () => send({ action: "flap", login }),
      flapNew: () => send({ action: "flap", login, newId: true }),
      revoke: () => send({ action: "revokeUser", login }),
    };
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const usual = card.classList.contains("live") ? "save" : "live";
      const name = (event.submitter as HTMLButtonElement | null)?.name ?? usual;
      void does[name]?.();
    });
    byId("channels").append(card);
    return card;
  }

  function showChannel(person: ShownPerson): void {
    const card = channels.get(person.login) ?? channelCard(person);
    channels.set(person.login, card);
    const { live } = person;
    card.classList.toggle("live", live !== null);
    const minutes = live === null ? 0 : Math.floor((Date.now() - live.startedAt) / 60_000);
    find(card, ".state").textContent = live === null ? "offline" : `live · ${live.viewers} viewers · ${minutes} min`;
    const isOff = (name: string, off: boolean) => {
      find<HTMLButtonElement>(card, `button[name="${name}"]`).disabled = off;
    };
    isOff("live", live !== null);
    for (const name of ["end", "flap", "flapNew"]) isOff(name, live === null);
  }

  function rows<T>(id: string, list: T[], cells: (each: T) => (string | Node)[]): void {
    const made = list.map((each) => {
      const row = document.createElement("tr");
      for (const cell of cells(each)) {
        const data = document.createElement("td");
        data.append(cell);
        row.append(data);
      }
      return row;
    });
    byId(id).replaceChildren(...made);
  }

  function again(messageId: string): HTMLButtonElement {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Again";
    button.addEventListener("click", () => void send({ action: "resend", messageId }));
    return button;
  }

  function show(state: ShownState): void {
    for (const person of state.people) showChannel(person);
    const { losing, delayMs, duplicating, holding, held } = state.switches;
    const on = [
      losing > 0 ? `loses the next ${losing}` : "",
      duplicating > 0 ? `doubles the next ${duplicating}` : "",
      delayMs > 0 ? `${delayMs} ms late` : "",
      holding ? `holds ${held} back` : "",
    ].filter((each) => each !== "");
    byId("switches").textContent = on.length === 0 ? "All events go out at once." : `Now: ${on.join(", ")}.`;
    const faults = state.faults.map(({ kind, status, operation, times }) => {
      const item = document.createElement("li");
      const often = times === undefined ? "" : ` · ${times} times`;
      item.textContent = `${kind} ${status ?? ""} · ${operation ?? "everything"}${often}`;
      return item;
    });
    byId("faults").replaceChildren(...faults);
    const shards = state.conduits.flatMap((conduit) => conduit.shards);
    const enabled = shards.filter((status) => status === "enabled").length;
    byId("sockets").textContent = `Sockets: ${state.sockets.length}. Shards: ${enabled} of ${shards.length} enabled.`;
    // Rows are made again only when they changed, so that a button in them can be pressed.
    const text = JSON.stringify([state.deliveries, state.subscriptions]);
    if (text === shown) return;
    shown = text;
    rows("deliveries", state.deliveries, ({ type, about, state: how, tries, messageId }) => [
      type,
      about,
      how,
      tries.join(", "),
      again(messageId),
    ]);
    rows("subscriptions", state.subscriptions, ({ type, about, transport, status }) => [
      type,
      about,
      transport.callback ?? transport.method,
      status,
    ]);
  }

  async function refresh(): Promise<void> {
    const answer = await fetch("/_simulator/state").catch(() => undefined);
    if (answer?.ok === true) show((await answer.json()) as ShownState);
  }

  const given = (form: HTMLFormElement) =>
    Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)]));

  function onSubmit(form: HTMLFormElement, actionOf: (fields: Record<string, string>) => object): void {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void send(actionOf(given(form)));
    });
  }

  for (const button of document.querySelectorAll<HTMLElement>("[data-do]"))
    button.addEventListener("click", () => void send(JSON.parse(button.dataset["do"] ?? "{}") as object));
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-action]"))
    onSubmit(form, (fields) => ({ action: form.dataset["action"], ...fields }));
  onSubmit(byId("fail") as HTMLFormElement, ({ kind = "", operation = "", times = "" }) => {
    const [name, status] = kind.split(" ");
    const often = times === "60s" ? { forMs: 60_000 } : times === "" ? {} : { times: Number(times) };
    const fault = {
      kind: name,
      ...(status === undefined ? {} : { status: Number(status) }),
      ...(operation === "" ? {} : { operation }),
      ...often,
    };
    return { action: "fail", fault };
  });
  onSubmit(byId("lag") as HTMLFormElement, ({ seconds }) => {
    const startMs = Number(seconds) * 1000;
    return { action: "lag", startMs, endMs: startMs };
  });

  void refresh();
  setInterval(() => void refresh(), 1000);
}
