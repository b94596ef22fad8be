// Recording an activity: a roster comes with its class, follows the day, and files are sent while the form is filled.
(() => {
  "use strict";
  const form = document.querySelector("form[data-activity]");
  if (!form) return;
  const rosters = document.getElementById("diem-danh");
  const choices = document.getElementById("lua-chon");
  const day = form.querySelector("[name=starts_on]");
  const url = (name, value) => `${form.dataset.rosterUrl}?${new URLSearchParams({ [name]: value, ngay: day.value })}`;
  const rosterOf = (token) => [...rosters.querySelectorAll("[data-roster]")].find((box) => box.dataset.token === token);
  const chosen = () => [...choices.querySelectorAll("[data-audience]:checked")];

  const fetchRoster = async (token) => {
    await htmx.ajax("GET", url("doi-tuong", token), { source: choices, target: rosters, swap: "beforeend" });
    const box = choices.querySelector(`[data-audience][value="${CSS.escape(token)}"]`);
    if (box && !box.checked) rosterOf(token)?.remove();
  };
  // Another day has another roster: it comes again, and who was unticked stays unticked.
  const followDay = async (token) => {
    const absent = [...rosterOf(token).querySelectorAll("input[type=checkbox]:not(:checked)")].map((box) => box.value);
    rosterOf(token).remove();
    await fetchRoster(token);
    const boxes = rosterOf(token)?.querySelectorAll(".roster-row input[type=checkbox]") || [];
    for (const box of boxes) box.checked = box.checked && !absent.includes(box.value);
    boxes[0]?.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const offerUnit = async (unit) => {
    const kept = chosen().map((box) => box.closest(".choice"));
    const tokens = kept.map((label) => label.querySelector("input").value);
    await htmx.ajax("GET", url("don-vi", unit), { source: choices, target: choices, swap: "innerHTML" });
    for (const box of choices.querySelectorAll("[data-audience]")) {
      if (tokens.includes(box.value)) box.closest(".choice").remove();
    }
    choices.prepend(...kept);
  };

  form.addEventListener("change", async (event) => {
    const input = event.target;
    if (input.matches("[data-audience]")) {
      if (!input.checked) rosterOf(input.value)?.remove();
      else if (!rosterOf(input.value)) await fetchRoster(input.value);
    }
    if (input === day) for (const box of [...rosters.querySelectorAll("[data-token]:not([data-token=''])")]) await followDay(box.dataset.token);
    if (input.name === "host" && input.value) await offerUnit(input.value);
  });

  // Files go up at once, each on its own; one that does not arrive stays in the field and goes with the form.
  const send = async (input, file) => {
    const body = new FormData();
    body.append("tep", file);
    body.append("upload_key", form.elements.upload_key.value);
    const headers = { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value };
    const answer = await fetch(input.dataset.uploadUrl, { method: "POST", body, headers });
    if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
    const target = document.getElementById(input.dataset.uploadTarget);
    target.insertAdjacentHTML("beforeend", await answer.text());
    htmx.process(target);
  };
  document.addEventListener("photo:ready", async (event) => {
    const input = event.target;
    if (!input.dataset.uploadUrl) return;
    const left = new DataTransfer();
    for (const file of [...input.files]) {
      try { await send(input, file); } catch { left.items.add(file); }
    }
    input.files = left.files;
    if (!left.files.length) document.getElementById(input.dataset.preview)?.replaceChildren();
  });
})();
