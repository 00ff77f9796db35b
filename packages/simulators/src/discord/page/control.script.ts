interface ShownEmbed {
  title?: string;
  url?: string;
  description?: string;
  color?: number;
  author?: { name?: string };
  image?: { url?: string };
  footer?: { text?: string };
  timestamp?: string;
  fields?: { name: string; value: string; inline?: boolean }[];
}

interface ShownMessage {
  id: string;
  content: string;
  embeds: ShownEmbed[];
  createdAt: number;
  editedAt: number | null;
  edits: number;
  pinged: string[];
}

interface ShownChannel {
  id: string;
  guildId: string;
  name: string;
  missing: string[];
  messages: ShownMessage[];
  names: Record<string, string>;
  members: { name: string; roles: string[] }[];
}

interface ShownState {
  bot: string;
  guilds: {
    id: string;
    name: string;
    hasBot: boolean;
    channels: { id: string; name: string; lastMessageId: string | null }[];
  }[];
  faults: { kind: string; operation?: string; times?: number; after?: boolean }[];
  limits: { user: number; global: number; busiestSecond: number; invalid: number };
  channel: ShownChannel | null;
}

/** Runs in the browser: shows a channel as Discord would, again every second. Uses nothing from outside. */
export function runControlPage(): void {
  const byId = (id: string) => document.getElementById(id) as HTMLElement;
  const seen = new Map<string, string | null>();
  let channelId = decodeURIComponent(location.hash.slice(1));
  let guildId = "";
  let shown = "";
  let listed = "";

  function make(tag: string, className: string, ...children: (string | Node)[]): HTMLElement {
    const made = document.createElement(tag);
    made.className = className;
    made.append(...children);
    return made;
  }

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

  type Names = Record<string, string>;

  function link(href: string, label: string): HTMLElement {
    const made = make("a", "", label) as HTMLAnchorElement;
    made.href = href;
    return made;
  }

  const mention = (text: string) => make("span", "mention", text);
  const within = (tag: string) => (inner: string, names: Names) => make(tag, "", ...markdown(inner, names));

  /** What of Discord's Markdown alerts use. The first that matches earliest counts. */
  const rules: [pattern: RegExp, node: (found: string[], names: Names) => Node][] = [
    [/\\([\\*_~`|>#@<[\]()-])/, ([, raw = ""]) => document.createTextNode(raw)],
    [/`([^`\n]+)`/, ([, code = ""]) => make("code", "", code)],
    [/\*\*(.+?)\*\*/s, ([, inner = ""], names) => within("b")(inner, names)],
    [/__(.+?)__/s, ([, inner = ""], names) => within("u")(inner, names)],
    [/~~(.+?)~~/s, ([, inner = ""], names) => within("s")(inner, names)],
    [/\*(.+?)\*/s, ([, inner = ""], names) => within("i")(inner, names)],
    [/\[([^\]\n]+)\]\((https?:\/\/[^)\s]+)\)/, ([, label = "", address = ""]) => link(address, label)],
    [/<@[!&]?(\d+)>/, ([, id = ""], names) => mention(`@${names[id] ?? "unknown"}`)],
    [/<#(\d+)>/, ([, id = ""], names) => mention(`#${names[id] ?? "unknown"}`)],
    [/<t:(\d+)(?::[a-zA-Z])?>/, ([, time]) => mention(new Date(Number(time) * 1000).toLocaleString())],
    [/@(?:everyone|here)/, ([all = ""]) => mention(all)],
    [/https?:\/\/[^\s<>)]+/, ([all = ""]) => link(all, all)],
  ];

  /** A text as elements, never as HTML. */
  function markdown(text: string, names: Names): Node[] {
    const found = rules.flatMap(([pattern, node]) => {
      const match = pattern.exec(text);
      return match === null ? [] : [{ match, node }];
    });
    const first = found.toSorted((one, other) => one.match.index - other.match.index)[0];
    if (first === undefined) return [document.createTextNode(text)];
    const { index } = first.match;
    const rest = text.slice(index + first.match[0].length);
    const before = document.createTextNode(text.slice(0, index));
    return [before, first.node([...first.match], names), ...markdown(rest, names)];
  }

  function embedOf(embed: ShownEmbed, names: Names): HTMLElement {
    const made = make("div", "embed");
    if (embed.color !== undefined) made.style.setProperty("--colour", `#${embed.color.toString(16).padStart(6, "0")}`);
    if (embed.author?.name !== undefined) made.append(make("div", "author", embed.author.name));
    if (embed.title !== undefined) {
      const title = make(embed.url === undefined ? "span" : "a", "title", ...markdown(embed.title, names));
      if (embed.url !== undefined) (title as HTMLAnchorElement).href = embed.url;
      made.append(title);
    }
    if (embed.description !== undefined) made.append(make("div", "body", ...markdown(embed.description, names)));
    if ((embed.fields ?? []).length > 0) {
      const fields = (embed.fields ?? []).map(({ name, value, inline }) =>
        make(
          "div",
          inline === true ? "inline" : "",
          make("b", "", ...markdown(name, names)),
          ...markdown(value, names),
        ),
      );
      made.append(make("div", "fields", ...fields));
    }
    if (embed.image?.url !== undefined) made.append(make("div", "picture", "Preview of the stream"));
    const foot = [embed.footer?.text, embed.timestamp && new Date(embed.timestamp).toLocaleString()].filter(Boolean);
    if (foot.length > 0) made.append(make("div", "foot", foot.join(" • ")));
    return made;
  }

  function messageOf(message: ShownMessage, names: Names, bot: string): HTMLElement {
    const when = make("time", "", new Date(message.createdAt).toLocaleTimeString());
    const body = make("div", "", make("div", "who", make("strong", "", bot), make("span", "app", "APP"), when));
    const text = make("div", "text", ...markdown(message.content, names));
    if (message.editedAt !== null)
      text.append(make("span", "edited", ` (edited${message.edits > 1 ? ` ${message.edits} times` : ""})`));
    body.append(text, ...message.embeds.map((each) => embedOf(each, names)));
    if (message.pinged.length > 0)
      body.append(make("div", "pings", `Pings ${message.pinged.map((each) => names[each] ?? each).join(", ")}`));
    return make("li", "message", make("div", "face", bot.slice(0, 1)), body);
  }

  function showGuilds({ guilds }: ShownState): void {
    const all = guilds.flatMap(({ channels }) => channels);
    if (!all.some(({ id }) => id === channelId)) channelId = all[0]?.id ?? "";
    for (const { id, lastMessageId } of all) if (id === channelId || !seen.has(id)) seen.set(id, lastMessageId);
    const text = JSON.stringify([guilds, channelId, [...seen]]);
    if (text === listed) return;
    listed = text;
    const sections = guilds.map(({ name, hasBot, channels }) => {
      const buttons = channels.map((channel) => {
        const button = make(
          "button",
          seen.get(channel.id) === channel.lastMessageId ? "" : "unread",
          `# ${channel.name}`,
        );
        (button as HTMLButtonElement).type = "button";
        if (channel.id === channelId) button.setAttribute("aria-current", "true");
        button.addEventListener("click", () => {
          channelId = channel.id;
          location.hash = channel.id;
          void refresh();
        });
        return button;
      });
      return make("section", "", make("h3", "", hasBot ? name : `${name} (no bot)`), ...buttons);
    });
    byId("guilds").replaceChildren(...sections);
  }

  function show(state: ShownState): void {
    showGuilds(state);
    const { channel, limits } = state;
    guildId = channel?.guildId ?? "";
    byId("channel-name").textContent = channel === null ? "No channels" : `# ${channel.name}`;
    byId("limits").textContent =
      `429 answers: ${limits.user} by route, ${limits.global} global. Busiest second: ${limits.busiestSecond} requests.` +
      (channel !== null && channel.missing.length > 0 ? ` The bot lacks here: ${channel.missing.join(", ")}.` : "");
    const faults = state.faults.map(({ kind, operation, times, after }) =>
      make(
        "li",
        "",
        `${kind}${after === true ? ", but done" : ""} · ${operation ?? "everything"}${times ? ` · ${times} times` : ""}`,
      ),
    );
    byId("faults").replaceChildren(...faults);
    const text = JSON.stringify(channel);
    if (channel === null || text === shown) return;
    shown = text;
    const none = make("li", "none", "No messages yet.");
    const list = channel.messages.map((message) => messageOf(message, channel.names, state.bot));
    byId("messages").replaceChildren(...(list.length === 0 ? [none] : list));
    const roles = channel.members.map(({ name, roles: own }) =>
      own.length === 0 ? name : `${name} (${own.join(", ")})`,
    );
    byId("members").textContent = `Members: ${roles.join(", ")}`;
  }

  async function refresh(): Promise<void> {
    const answer = await fetch(`/_simulator/state?channel=${encodeURIComponent(channelId)}`).catch(() => undefined);
    if (answer?.ok !== true) return;
    const state = (await answer.json()) as ShownState;
    const before = channelId;
    show(state);
    if (channelId !== before) await refresh();
  }

  function onChannel(button: HTMLElement): void {
    const permissions = (button.dataset["permissions"] ?? "").split(" ").filter((each) => each !== "");
    const action = button.dataset["channel"] ?? "";
    if (action === "allowBot") {
      const usual = ["viewChannel", "sendMessages", "embedLinks", "readHistory", "manageRoles"];
      void send({ action, guildId, permissions: usual });
    } else if (action === "removeBot") void send({ action, guildId });
    else if (action === "deny") void send({ action, channelId, permissions });
    else void send({ action, channelId });
  }

  for (const button of document.querySelectorAll<HTMLElement>("[data-do]"))
    button.addEventListener("click", () => void send(JSON.parse(button.dataset["do"] ?? "{}") as object));
  for (const button of document.querySelectorAll<HTMLElement>("[data-channel]"))
    button.addEventListener("click", () => onChannel(button));
  const opener = byId("open-switches");
  opener.addEventListener("click", () => {
    byId("switches").hidden = !byId("switches").hidden;
    opener.setAttribute("aria-expanded", String(!byId("switches").hidden));
  });
  byId("fail").addEventListener("submit", (event) => {
    event.preventDefault();
    const fields = new FormData(event.target as HTMLFormElement);
    const value = (name: string) => String(fields.get(name) ?? "");
    const [kind = "", after] = value("kind").split(" ");
    const times = value("times");
    const often = times === "60s" ? { forMs: 60_000 } : times === "" ? {} : { times: Number(times) };
    const operation = value("operation");
    const fault = {
      kind,
      ...often,
      ...(after === undefined ? {} : { after: true }),
      ...(operation === "" ? {} : { operation }),
      ...(kind === "slow" ? { ms: 5000 } : {}),
    };
    void send({ action: "fail", fault });
  });
  void refresh();
  setInterval(() => void refresh(), 1000);
}
