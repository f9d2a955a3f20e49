"use strict";
(() => {
  const make = (name, attributes = {}, ...children) => {
    const node = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    node.append(...children);
    return node;
  };
  const cells = (row) => [...row.cells].map((cell) => cell.innerText.trim().replace(/\s+/g, " "));

  const csv = (rows) => rows.map((row) => row.map((cell) => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(",")).join("\n");
  const markdown = ([head, ...body], numbers) => {
    const line = (row) => `| ${row.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
    return [line(head), `|${numbers.map((n) => (n ? " ---: " : " --- ")).join("|")}|`, ...body.map(line)].join("\n");
  };
  const signs = { "\\": "\\textbackslash{}", "&": "\\&", "%": "\\%", $: "\\$", "#": "\\#", _: "\\_", "{": "\\{", "}": "\\}", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}", "<": "$<$", ">": "$>$", "\u2212": "$-$", "\u2013": "--", "\u03c7": "$\\chi$", "\u00b2": "$^2$" };
  const latex = ([head, ...body], numbers) => {
    const line = (row) => `${row.map((cell) => cell.replace(/[\\&%$#_{}~^<>\u2212\u2013\u03c7\u00b2]/g, (sign) => signs[sign])).join(" & ")} \\\\`;
    return [`\\begin{tabular}{${numbers.map((n) => (n ? "r" : "l")).join("")}}`, "\\toprule", line(head), "\\midrule", ...body.map(line), "\\bottomrule", "\\end{tabular}"].join("\n");
  };

  const copying = (table) => {
    const rows = () => [...table.rows].filter((row) => !row.hidden && row.cells.length === table.tHead.rows[0].cells.length).map(cells);
    const numbers = [...table.tHead.rows[0].cells].map((cell) => cell.classList.contains("n"));
    const said = make("span", { role: "status", class: "soft" });
    const button = (label, text) => {
      const node = make("button", { type: "button" }, label);
      node.addEventListener("click", async () => {
        try {
          await navigator.clipboard.writeText(text());
          said.textContent = "copied";
        } catch {
          said.textContent = "this browser does not let a page copy";
        }
      });
      return node;
    };
    return make("p", { class: "tools" }, "Copy as ", button("CSV", () => csv(rows())), " ", button("Markdown", () => markdown(rows(), numbers)), " ", button("LaTeX", () => latex(rows(), numbers)), " ", said);
  };

  const value = (text) => {
    const number = Number.parseFloat(text.replaceAll(",", "").replace("\u2212", "-").replace(/^[^\d.-]+/, ""));
    return Number.isNaN(number) ? null : number;
  };
  const sorting = (table) => {
    const body = table.tBodies[0];
    [...table.tHead.rows[0].cells].forEach((head, column) => {
      const button = make("button", { type: "button" }, ...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const down = head.getAttribute("aria-sort") === "ascending";
        for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const key = (row) => row.cells[column].innerText.trim();
        const order = (a, b) => {
          const [x, y] = [key(a), key(b)];
          const [i, j] = [value(x), value(y)];
          return head.classList.contains("n") ? (i ?? Infinity) - (j ?? Infinity) || 0 : x.localeCompare(y);
        };
        body.append(...[...body.rows].sort((a, b) => (down ? order(b, a) : order(a, b))));
      });
    });
  };

  const filtering = (section) => {
    const all = [...section.querySelectorAll(".deviation")];
    if (all.length < 2) return;
    const said = make("span", { role: "status", class: "soft" });
    const choose = (label, key) => {
      const select = make("select", {}, make("option", { value: "" }, "all"));
      for (const one of [...new Set(all.map((d) => d.dataset[key]))].sort()) select.append(make("option", { value: one }, one));
      return { key, select, node: make("label", {}, `${label} `, select) };
    };
    const chosen = [choose("Show", "disclosed"), choose("of the kind", "category")];
    const apply = () => {
      for (const one of all) one.hidden = chosen.some(({ key, select }) => select.value !== "" && one.dataset[key] !== select.value);
      said.textContent = `${all.filter((one) => !one.hidden).length} of ${all.length}`;
    };
    for (const { select } of chosen) select.addEventListener("change", apply);
    all[0].before(make("p", { class: "tools" }, ...chosen.flatMap(({ node }) => [node, " "]), said));
  };

  const checking = (place) => {
    const known = [...place.querySelectorAll("[data-digest]")].map((row) => [row.dataset.digest, row.cells[0].innerText.trim()]);
    const answer = make("ul");
    const input = make("input", { type: "file", multiple: "", id: "check-file" });
    const check = async (files) => {
      answer.replaceChildren();
      for (const file of files) {
        const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
        const hex = [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
        const match = known.find(([one]) => one === hex);
        answer.append(make("li", { class: match ? "same" : "other" }, match ? `\u25cf ${file.name} is the ${match[1]} of this report.` : `\u25a0 ${file.name} is no file of this report: its SHA-256 is ${hex}.`));
      }
    };
    input.addEventListener("change", () => check(input.files));
    const zone = make("div", { class: "drop" }, make("label", { for: "check-file" }, "Check it here: choose, or drop, the data file or the registration. Nothing leaves this page. "), input, make("div", { role: "status" }, answer));
    zone.addEventListener("dragover", (event) => event.preventDefault());
    zone.addEventListener("drop", (event) => {
      event.preventDefault();
      check(event.dataTransfer.files);
    });
    place.append(zone);
  };

  for (const table of document.querySelectorAll("table.sortable")) sorting(table);
  for (const table of document.querySelectorAll("table.copy")) (table.closest(".scroll") ?? table).after(copying(table));
  const deviations = document.getElementById("deviations");
  if (deviations) filtering(deviations);
  const digests = document.getElementById("digests");
  if (digests && globalThis.crypto?.subtle) checking(digests);
})();
