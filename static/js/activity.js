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

  const part = async (name, value) => {
    const answer = await fetch(url(name, value), { headers: { "HX-Request": "true" } });
    // A page instead of a part means that the session has ended.
    if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
    return answer.text();
  };
  const tell = (text) => {
    const line = document.createElement("p");
    line.className = "toast-line";
    line.textContent = text;
    document.getElementById("loi-nhan")?.append(line);
    setTimeout(() => line.remove(), 8000);
  };
  const boxOf = (token) => choices.querySelector(`[data-audience][value="${CSS.escape(token)}"]`);

  const showRoster = async (token) => {
    try {
      const html = await part("doi-tuong", token);
      if (boxOf(token)?.checked && !rosterOf(token)) rosters.insertAdjacentHTML("beforeend", html);
    } catch {
      if (boxOf(token)) boxOf(token).checked = false;
      tell("Chưa lấy được danh sách. Hãy kiểm tra mạng rồi chọn lại.");
    }
  };
  // Another day has another roster. The old one stands until the new one is here: without a network nothing is lost,
  // and the page does not jump away under the finger that presses a button next. Who was unticked stays unticked.
  const followDay = async (token) => {
    const before = rosterOf(token);
    let html;
    try { html = await part("doi-tuong", token); } catch {
      return tell("Chưa lấy được danh sách của ngày này. Danh sách cũ vẫn còn; hãy kiểm tra mạng rồi chọn lại ngày.");
    }
    if (!boxOf(token)?.checked || rosterOf(token) !== before) return;
    const ticks = new Map([...before.querySelectorAll(".roster-row input")].map((box) => [box.value, box.checked]));
    before.insertAdjacentHTML("afterend", html);
    before.remove();
    const boxes = [...(rosterOf(token)?.querySelectorAll(".roster-row input") || [])];
    for (const box of boxes) box.checked = ticks.get(box.value) ?? box.checked;
    boxes[0]?.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const offerUnit = async (unit) => {
    let html = "";
    try { html = await part("don-vi", unit); } catch { return tell("Chưa lấy được lớp và nhóm của đơn vị. Hãy chọn lại."); }
    const kept = chosen().map((box) => box.closest(".choice"));
    const tokens = kept.map((label) => label.querySelector("input").value);
    choices.innerHTML = html;
    for (const box of choices.querySelectorAll("[data-audience]")) {
      if (tokens.includes(box.value)) box.closest(".choice").remove();
    }
    choices.prepend(...kept);
  };

  form.addEventListener("change", async (event) => {
    const input = event.target;
    if (input.matches("[data-audience]")) {
      if (!input.checked) rosterOf(input.value)?.remove();
      else if (!rosterOf(input.value)) await showRoster(input.value);
    }
    if (input === day) {
      const tokens = [...rosters.querySelectorAll("[data-roster]")].map((box) => box.dataset.token).filter(Boolean);
      for (const token of tokens) await followDay(token);
    }
    if (input.matches("[name=host], [data-more-unit]") && input.value) await offerUnit(input.value);
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
