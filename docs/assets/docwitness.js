/* Fills the reader's own values into every sample, and opens the recorded evidence behind a mark.
 * Values stay in this browser: address and database in localStorage, tokens for the life of the tab.
 * The only requests are for evidence, to this site, when a reader opens a mark. */
(() => {
  "use strict";

  const FIELDS = {
    url: {
      label: "URL", example: "http://127.0.0.1:8181",
      allowed: /^https?:\/\/[\w.-]+(:\d{1,5})?(\/[\w.~-]+)*$|^https?:\/\/\[[\da-f:]+\](:\d{1,5})?$/i,
      rule: "must be http:// or https://, a host, perhaps a port and a path, without a slash at the end",
    },
    token: {
      label: "Token", secret: true,
      allowed: /^[\w.~+\/=-]+$/,
      rule: "may hold letters, digits and . _ ~ + / = - only; anything else would break a command",
    },
    read_token: {
      label: "Token for queries", secret: true,
      allowed: /^[\w.~+\/=-]+$/,
      rule: "may hold letters, digits and . _ ~ + / = - only; anything else would break a command",
    },
    database: {
      label: "Database", example: "sensors",
      allowed: /^[A-Za-z0-9][\w.\/-]*$/,
      rule: "may hold letters, digits and . _ / - only, and begins with a letter or digit; anything else would break a command",
    },
  };
  const NAMES = Object.keys(FIELDS);
  const TEMPLATE = /\{(\w+)\}/g;
  /* The site is the folder above that of this script. */
  const root = new URL("..", document.currentScript.src);

  const element = (tag, properties, ...children) => {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
  };

  /* What the reader typed. A browser that keeps nothing (blocked storage) only forgets. */
  const shelf = (name) => (FIELDS[name].secret ? sessionStorage : localStorage);
  const key = (name) => `${root.pathname}docwitness.${name}`;
  const kept = (name) => {
    try { return shelf(name).getItem(key(name)) || ""; } catch { return ""; }
  };
  const keep = (name, value) => {
    try {
      if (value) shelf(name).setItem(key(name), value);
      else shelf(name).removeItem(key(name));
    } catch { /* nothing is kept */ }
  };

  /* The text that fills a placeholder, or null while a value that it needs is missing. */
  function filling(template, values) {
    let complete = true;
    const text = template.replace(TEMPLATE, (_, name) => {
      const value = name === "host" ? values.url && new URL(values.url).host : values[name];
      if (!value) complete = false;
      return value;
    });
    return complete ? text : null;
  }

  function fill(values) {
    for (const blank of document.querySelectorAll("var[data-docwitness]")) {
      blank.dataset.text ??= blank.textContent;
      const text = filling(blank.dataset.docwitness, values);
      blank.textContent = text ?? blank.dataset.text; // text, never HTML
      blank.classList.toggle("dw-filled", text !== null);
      blank.classList.toggle("dw-secret", text !== null && /token/.test(blank.dataset.docwitness));
    }
  }

  function used() {
    const templates = [...document.querySelectorAll("var[data-docwitness]")].map((blank) => blank.dataset.docwitness);
    const names = new Set(templates.flatMap((template) => [...template.matchAll(TEMPLATE)].map((found) => found[1])));
    if (names.has("host")) names.add("url");
    return NAMES.filter((name) => names.has(name));
  }

  function bar() {
    const place = document.querySelector(".dw-bar");
    if (!place || place.childElementCount) return;
    const server = JSON.parse(place.dataset.server || "{}");
    const shown = used();
    const state = element("span", { className: "dw-state" });
    const refused = element("p", { className: "dw-refused", role: "alert" });
    const inputs = {};

    const update = () => {
      const values = {}, faults = [];
      for (const name of NAMES) {
        const typed = inputs[name] ? inputs[name].value.trim() : kept(name) || server[name] || "";
        const good = !typed || FIELDS[name].allowed.test(typed);
        if (good) values[name] = typed;
        else faults.push(`${FIELDS[name].label} ${FIELDS[name].rule}.`);
        inputs[name]?.setAttribute("aria-invalid", String(!good));
      }
      fill(values);
      refused.textContent = faults.join(" ");
      const said = shown.map((name) => (values[name] ? (FIELDS[name].secret ? "token set" : values[name]) : ""));
      state.textContent = faults.length ? "a value is refused" : said.filter(Boolean).join(" · ") || "not set: samples show placeholders";
      return values;
    };

    const form = element("form", {});
    for (const name of shown) {
      const field = FIELDS[name];
      const input = element("input", {
        name, type: "text", autocomplete: "off", spellcheck: false, placeholder: field.example || "", value: kept(name) || server[name] || "",
      });
      if (field.secret) input.classList.add("dw-secret");
      if (field.secret && !field.example) input.placeholder = "not set";
      input.addEventListener("input", () => {
        const values = update();
        if (name in values) keep(name, values[name] === server[name] ? "" : values[name]);
      });
      inputs[name] = input;
      form.append(element("label", {}, field.label, input));
    }
    const reveal = element("button", { type: "button", textContent: "Show token" });
    reveal.setAttribute("aria-pressed", "false");
    reveal.addEventListener("click", () => {
      reveal.setAttribute("aria-pressed", String(document.documentElement.classList.toggle("dw-reveal")));
    });
    const reset = element("button", { type: "button", textContent: "Reset" });
    reset.addEventListener("click", () => {
      for (const name of shown) {
        keep(name, "");
        inputs[name].value = server[name] || "";
      }
      update();
    });
    const help = element("p", {});
    if (server.url) help.append("These are the values of the server that runs beside this site. ");
    else if (place.dataset.help) help.append("No server? ", element("a", { href: new URL(place.dataset.help, root), textContent: "How to get one" }), ". ");
    help.append("What you type stays in this browser, and tokens only until you close the tab.");
    form.append(reveal, reset, refused, help);
    form.addEventListener("submit", (event) => event.preventDefault());
    place.append(element("details", {}, element("summary", {}, element("span", { textContent: "Your server" }), state), form));
    update();
  }

  /* The evidence behind a mark. */
  const titled = (title, text) => [
    element("p", {}, element("strong", { textContent: title })),
    // no <code> inside: the theme hangs its copy button on that
    element("pre", { tabIndex: 0, textContent: text }),
  ];

  function run(one, number, of) {
    const parts = [];
    if (of > 1 || one.change) parts.push(element("p", {}, element("strong", { textContent: !one.change || one.change === "as it is" ? "As it is" : `Changed: ${one.change}` })));
    one.exchanges.forEach((exchange, at) => {
      const which = one.exchanges.length > 1 ? ` ${at + 1}` : "";
      parts.push(...titled(`Request${which}`, exchange.request), ...titled(`Response${which}`, exchange.response));
    });
    if (one.left_out) parts.push(element("p", { textContent: `… and ${one.left_out} exchanges more` }));
    if (one.stored) {
      const left = one.points - one.stored.length;
      parts.push(...titled("Stored", [...one.stored, ...(left ? [`… and ${left} points more`] : [])].join("\n") || "nothing"));
    }
    return parts;
  }

  function panel(exhibit) {
    const made = element("div", { className: "dw-exhibit" });
    made.append(element("p", { textContent: `Recorded ${exhibit.started.replace("T", " ").replace("Z", " UTC")}, ${exhibit.server}; tokens are taken out.` }));
    if (exhibit.claims.length > 1 || exhibit.claims[0].says !== "this sample") {
      made.append(element("ul", {}, ...exhibit.claims.map((claim) =>
        element("li", { textContent: `${claim.id.split(":").slice(-1)[0]}: ${claim.verdict}${claim.reason ? ` – ${claim.reason}` : ""}` }))));
    }
    exhibit.runs.forEach((one, number) => made.append(...run(one, number, exhibit.runs.length)));
    return made;
  }

  async function open(mark) {
    const row = mark.closest("tr");
    let made;
    try {
      const answer = await fetch(new URL(`evidence/${mark.dataset.docwitnessExhibit}.json`, root));
      if (!answer.ok) throw new Error(`${answer.status} ${answer.statusText}`);
      made = panel(await answer.json());
    } catch (error) {
      made = element("div", { className: "dw-exhibit" }, element("p", { textContent: `The evidence cannot be loaded: ${error.message}` }));
    }
    if (row) {
      const cell = element("td", { colSpan: row.cells.length }, made);
      row.after(element("tr", { className: "dw-evidence" }, cell));
    } else mark.after(made);
  }

  function close(mark) {
    const row = mark.closest("tr");
    (row ? row.nextElementSibling : mark.nextElementSibling)?.remove();
  }

  document.addEventListener("click", async (event) => {
    const mark = event.target instanceof Element && event.target.closest("[data-docwitness-exhibit]");
    if (!mark || mark.getAttribute("aria-busy") === "true") return;
    const opened = mark.getAttribute("aria-expanded") === "true";
    if (opened) close(mark);
    else {
      mark.setAttribute("aria-busy", "true");
      await open(mark);
      mark.removeAttribute("aria-busy");
    }
    mark.setAttribute("aria-expanded", String(!opened));
  });

  /* Opens the tabs that hold the target of a link: the theme opens only its own. */
  function reveal() {
    let name;
    try { name = decodeURIComponent(location.hash.slice(1)); } catch { return; }
    const target = name && document.getElementById(name);
    if (!target) return;
    for (let block = target.closest(".tabbed-block"); block; block = block.parentElement.closest(".tabbed-block")) {
      const position = [...block.parentElement.children].indexOf(block);
      block.closest(".tabbed-set").querySelectorAll(":scope > input")[position].checked = true;
    }
    target.scrollIntoView();
  }

  /* No secret reaches paper. */
  const secrets = () => document.querySelectorAll("var.dw-secret");
  window.addEventListener("beforeprint", () => {
    for (const blank of secrets()) [blank.dataset.filled, blank.textContent] = [blank.textContent, blank.dataset.text];
  });
  window.addEventListener("afterprint", () => {
    for (const blank of secrets()) if (blank.dataset.filled) blank.textContent = blank.dataset.filled;
  });

  const ready = () => { bar(); if (location.hash) reveal(); };
  window.addEventListener("hashchange", reveal);
  if (window.document$) window.document$.subscribe(ready); // fires again on instant navigation
  else if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", ready);
  else ready();
})();
