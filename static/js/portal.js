// What every page does: keep a form from being lost or sent twice, point at errors, say when the network is gone.
(() => {
  "use strict";
  const dirty = new Set();

  // Unsaved changes
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-guard]");
    if (form) dirty.add(form);
  });
  window.addEventListener("beforeunload", (event) => {
    const open = [...dirty].some((form) => form.isConnected);
    if (open) event.preventDefault();
  });

  // One submit only
  const lock = (form, pressed) => {
    for (const button of form.querySelectorAll("button[type=submit], button:not([type])")) {
      button.disabled = true;
    }
    if (!pressed) return;
    const words = pressed.querySelector("span") || pressed;
    pressed.dataset.words = words.textContent;
    words.textContent = pressed.dataset.busy || "Đang lưu…";
    pressed.classList.add("is-busy");
    pressed.setAttribute("aria-busy", "true");
  };
  const unlock = (form) => {
    for (const button of form.querySelectorAll("button[type=submit], button:not([type])")) {
      button.disabled = false;
      if (button.dataset.words === undefined) continue;
      (button.querySelector("span") || button).textContent = button.dataset.words;
      delete button.dataset.words;
      button.classList.remove("is-busy");
      button.removeAttribute("aria-busy");
    }
  };

  // Before what was typed leaves the screen: is there a network, and is the same person still logged in? Where not,
  // everything stays as it was typed. A token of the present session replaces the one that a new log-in made void.
  const checked = new WeakSet();
  const STAYS = "Những gì đã nhập vẫn còn ở trang này.";
  const obstacle = async () => {
    const user = document.querySelector("[data-session]");
    let answer;
    try {
      answer = await fetch(user.dataset.session, { cache: "no-store", redirect: "manual", signal: AbortSignal.timeout?.(20000) });
    } catch {
      return `Chưa gửi được vì mất kết nối mạng. ${STAYS} Hãy gửi lại khi có mạng.`;
    }
    if (answer.type === "opaqueredirect") return `Chưa gửi được vì phiên đăng nhập đã hết. ${STAYS}`;
    if (!answer.ok) return "";
    const state = await answer.json();
    if (state.user !== user.dataset.user) {
      return `Chưa gửi được vì người khác vừa đăng nhập trên máy này. ${STAYS}`;
    }
    for (const input of document.querySelectorAll("[name=csrfmiddlewaretoken]")) input.value = state.token;
    document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": state.token }));
    return "";
  };
  const tellObstacle = (form, text) => {
    form.querySelector("[data-obstacle]")?.remove();
    if (!text) return;
    const note = document.createElement("p");
    note.className = "notice notice-warning";
    note.dataset.obstacle = "";
    note.setAttribute("role", "alert");
    const words = document.createElement("span");
    words.textContent = text;
    if (!text.includes("mạng")) {
      const link = document.createElement("a");
      link.href = "/";
      link.target = "_blank";
      link.rel = "noopener";
      link.textContent = "Đăng nhập ở thẻ mới";
      words.append(" ", link, ", rồi quay lại đây bấm gửi.");
    }
    note.append(words);
    (form.querySelector(".action-bar") || form).prepend(note);
  };
  const check = async (form, pressed) => {
    lock(form, pressed);
    const text = await obstacle();
    unlock(form);
    tellObstacle(form, text);
    if (text) return;
    checked.add(form);
    form.requestSubmit(pressed);
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    const isGuarded = form.matches("form[data-guard][method=post]") && document.querySelector("[data-session]");
    if (isGuarded && "requestSubmit" in form && !event.defaultPrevented && !checked.delete(form)) {
      event.preventDefault();
      check(form, event.submitter);
      return;
    }
    // A later listener may still refuse the submit, and the pressed button's value must be sent: lock afterwards.
    setTimeout(() => {
      const byHtmx = form.matches("[hx-post], [hx-get]");
      if (event.defaultPrevented && !byHtmx) return;
      dirty.delete(form);
      if (form.method === "post" && !("noLock" in form.dataset)) lock(form, event.submitter);
    });
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) document.querySelectorAll("form").forEach(unlock);
  });

  // Errors: focus the summary, open what hides a field, and go to the field itself
  const reveal = (element) => {
    for (let part = element.closest("details"); part; part = part.parentElement.closest("details")) part.open = true;
  };
  const goTo = (id) => {
    const target = document.getElementById(id);
    if (!target) return false;
    reveal(target);
    target.scrollIntoView({ block: "center" });
    target.focus({ preventScroll: true });
    return true;
  };
  const prepare = (root) => {
    root.querySelectorAll("form[data-dirty]").forEach((form) => dirty.add(form));
    root.querySelectorAll(".is-invalid, .invalid-feedback").forEach(reveal);
    const summary = root.querySelector("[data-error-summary]");
    if (summary) summary.focus();
    root.querySelectorAll("input[type=password]").forEach(addPasswordSwitch);
    root.querySelectorAll("input[type=file]").forEach(addFileButton);
    openWideFilters(root);
    root.querySelectorAll(".nav-tabs .active").forEach(showTab);
  };
  // Tabs that do not fit scroll sideways: the present one is brought into sight
  const showTab = (tab) => {
    const bar = tab.closest(".nav-tabs");
    const [inner, outer] = [tab.getBoundingClientRect(), bar.getBoundingClientRect()];
    bar.scrollLeft += inner.left - outer.left - (outer.width - inner.width) / 2;
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-error-summary] a");
    if (link && goTo(link.hash.slice(1))) event.preventDefault();
    if (event.target.closest("[data-go-back]")) history.back();
    if (event.target.closest("[data-reload]")) location.reload();
    if (event.target.closest("[data-print]")) window.print();
    for (const menu of document.querySelectorAll(".user-menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && document.querySelector(".user-menu[open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });

  // Filters stay open on wide screens, and on phones when one is in use
  const openWideFilters = (root) => {
    for (const more of root.querySelectorAll("[data-filter-more]")) {
      const used = [...more.querySelectorAll("input, select")].some((field) =>
        field.matches("[type=checkbox], [type=radio]") ? field.checked : field.value !== "");
      more.open = used || window.matchMedia("(min-width: 992px)").matches;
    }
  };

  // Password: show what is typed
  const addPasswordSwitch = (input) => {
    if (input.closest(".password-field")) return;
    const box = document.createElement("div");
    box.className = "password-field";
    input.replaceWith(box);
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-light";
    button.textContent = "Hiện";
    button.setAttribute("aria-label", "Hiện mật khẩu");
    button.addEventListener("click", () => {
      const shown = input.type === "text";
      input.type = shown ? "password" : "text";
      button.textContent = shown ? "Hiện" : "Ẩn";
      button.setAttribute("aria-label", shown ? "Hiện mật khẩu" : "Ẩn mật khẩu");
    });
    box.append(input, button);
  };

  // File fields: the browser writes its own words in its own language, so the field wears a Vietnamese face
  const chosenWords = (files) => {
    if (files.length === 0) return "Chưa chọn tệp nào";
    return files.length === 1 ? files[0].name : `Đã chọn ${files.length} tệp`;
  };
  const addFileButton = (input) => {
    if (input.closest(".file-field")) return;
    const box = document.createElement("div");
    box.className = "file-field";
    input.replaceWith(box);
    const face = document.createElement("span");
    face.className = "btn btn-light";
    face.setAttribute("aria-hidden", "true");
    face.textContent = input.accept.startsWith("image/") ? "Chụp hoặc chọn ảnh" : "Chọn tệp";
    const words = document.createElement("span");
    words.className = "muted";
    words.textContent = chosenWords(input.files);
    input.addEventListener("change", () => { words.textContent = chosenWords(input.files); });
    box.append(input, face, words);
  };

  // Network
  const offline = document.getElementById("mat-ket-noi");
  const tellNetwork = () => { if (offline) offline.hidden = navigator.onLine; };
  window.addEventListener("online", tellNetwork);
  window.addEventListener("offline", tellNetwork);

  // htmx: say in words what went wrong; a page inside a fragment means that the session has ended
  const toast = (text) => {
    const line = document.createElement("p");
    line.className = "toast-line";
    line.textContent = text;
    document.getElementById("loi-nhan")?.append(line);
    setTimeout(() => line.remove(), 8000);
  };
  const byStatus = {
    403: "Tài khoản này chưa được cấp quyền làm việc đó.",
    404: "Không tìm thấy mục này. Hãy tải lại trang.",
    413: "Tệp gửi lên quá lớn. Hãy chọn tệp nhỏ hơn 10 MB.",
  };
  document.addEventListener("htmx:responseError", (event) => {
    toast(byStatus[event.detail.xhr.status] || "Cổng chưa làm được việc này. Hãy thử lại sau ít phút.");
  });
  for (const name of ["htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(name, () => toast("Chưa gửi được. Hãy kiểm tra mạng rồi thử lại."));
  }
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (!/^\s*<!doctype/i.test(event.detail.xhr.responseText)) return;
    event.detail.shouldSwap = false;
    dirty.clear();
    location.reload();
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.detail.elt.closest("form");
    if (form) unlock(form);
  });
  document.addEventListener("htmx:afterSettle", (event) => prepare(event.detail.elt));

  prepare(document);
  tellNetwork();
})();
