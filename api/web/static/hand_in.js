"use strict";
// Hands files in one by one with progress. Without this script the form itself does it all at once.
(() => {
  const form = document.getElementById("hand-in");
  const input = document.getElementById("files");
  const drop = document.getElementById("drop");
  const list = document.getElementById("chosen");
  const said = document.getElementById("progress");
  const send = document.getElementById("send");
  const csrf = document.querySelector('meta[name="csrf"]').content;
  const rows = new Map();
  drop.classList.add("scripted"); // the browser's own button speaks the browser's language

  const size = (bytes) =>
    bytes < 1024 ? `${bytes} byte`
    : bytes < 1048576 ? `${(bytes / 1024).toFixed(1)} KB`.replace(".", ",")
    : `${(bytes / 1048576).toFixed(1)} MB`.replace(".", ",");

  const element = (name, className, text) => {
    const made = document.createElement(name);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  };

  function show() {
    list.replaceChildren();
    rows.clear();
    for (const file of input.files) {
      const row = element("li");
      const bar = element("progress");
      bar.max = 1;
      bar.value = 0;
      bar.setAttribute("aria-label", `Tiến độ gửi ${file.name}`);
      const note = element("p", "file-said", "");
      row.append(element("span", "file-name", file.name), element("span", "file-size", size(file.size)), bar, note);
      list.append(row);
      rows.set(file, { row, bar, note });
    }
    said.textContent = input.files.length ? `Đã chọn ${input.files.length} tệp.` : "";
  }

  // What is true of every paper of the batch.
  function about() {
    const value = (part) => document.getElementById(`about-${part}`).value.trim();
    const said = {};
    if (value("id")) said.subject = { scheme: value("scheme"), id: value("id"), name: value("name") };
    if (value("form")) said.form = value("form");
    return said;
  }

  async function checkHolder() {
    const { subject } = about();
    const number = document.getElementById("about-id");
    if (!subject) {
      if (!document.getElementById("about-name").value.trim()) return;
      number.focus();
      throw new Error("Chủ giấy tờ có tên nhưng chưa có mã số. Hãy nhập mã số, hoặc xóa tên.");
    }
    const answer = await fetch("/hand-in/holder", {
      method: "POST",
      headers: { "X-CSRF-Token": csrf, Accept: "application/json" },
      body: new URLSearchParams({ scheme: subject.scheme, number: subject.id }),
    });
    if (answer.ok) return;
    number.focus();
    throw new Error((await answer.json()).detail);
  }

  function upload(url, file, onProgress) {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open("POST", url);
      request.setRequestHeader("X-CSRF-Token", csrf);
      request.setRequestHeader("Accept", "application/json");
      request.setRequestHeader("Idempotency-Key", `${Date.now()}-${Math.random().toString(36).slice(2)}`);
      request.responseType = "json";
      request.upload.addEventListener("progress", (event) => {
        if (event.lengthComputable) onProgress(event.loaded / event.total);
      });
      request.addEventListener("load", () => resolve({ status: request.status, body: request.response || {} }));
      request.addEventListener("error", () => reject(new Error("Mất kết nối. Hãy thử lại.")));
      const body = new FormData();
      body.append("metadata", JSON.stringify(about()));
      body.append("files", file, file.name);
      request.send(body);
    });
  }

  // A large file goes straight into the store where that is offered; else, and where it fails, by the service.
  async function sendTo(batch, file, onProgress) {
    const from = Number(form.dataset.directFrom);
    if (from && file.size >= from && window.sendDirectly && window.crypto.subtle) {
      try {
        return await window.sendDirectly(batch, file, about(), csrf, onProgress);
      } catch {
        onProgress(0);
      }
    }
    return upload(`/v1/batches/${batch}/files`, file, onProgress);
  }

  async function createBatch() {
    const count = (id) => Number(document.getElementById(id).value) || null;
    const answer = await fetch("/v1/batches", {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRF-Token": csrf },
      body: JSON.stringify({
        name: document.getElementById("name").value,
        declared_files: count("declared_files"),
        declared_pages: count("declared_pages"),
      }),
    });
    const body = await answer.json();
    if (!answer.ok) throw new Error(body.detail);
    return body.id;
  }

  async function sendOne(batch, file) {
    const { row, bar, note } = rows.get(file);
    note.textContent = "Đang gửi…";
    const { status, body } = await sendTo(batch, file, (part) => { bar.value = part; });
    bar.value = 1;
    const result = body.files ? body.files[0] : null;
    if (status !== 201 || !result) {
      row.classList.add("bad");
      note.textContent = body.detail || (result && result.message) || "Không gửi được tệp này.";
      return false;
    }
    row.classList.add(result.reason ? "bad" : "good");
    if (result.reason === "duplicate") {
      note.textContent = "Tệp này đã được nhận trước đó. ";
      const link = element("a", "", "Xem và chọn cách xử lý");
      link.href = `/documents/${result.document}`;
      note.append(link);
      return false;
    }
    note.textContent = "Đã nhận, được lưu an toàn.";
    return true;
  }

  input.addEventListener("change", show);
  for (const name of ["dragenter", "dragover"]) {
    drop.addEventListener(name, (event) => { event.preventDefault(); drop.classList.add("over"); });
  }
  for (const name of ["dragleave", "drop"]) {
    drop.addEventListener(name, () => drop.classList.remove("over"));
  }
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    input.files = event.dataTransfer.files;
    show();
  });

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const files = [...input.files];
    if (!rows.size) show();
    send.disabled = true;
    let good = 0;
    try {
      await checkHolder(); // before a batch is opened for nothing
      const batch = await createBatch();
      for (const [index, file] of files.entries()) {
        said.textContent = `Đang gửi tệp ${index + 1} trên ${files.length}…`;
        if (await sendOne(batch, file)) good += 1;
      }
      if (good === files.length) {
        said.textContent = "Đã gửi xong. Đang mở lô…";
        window.location.assign(`/batches/${batch}`);
        return;
      }
      said.textContent = `Đã nhận ${good} trên ${files.length} tệp. `;
      const link = element("a", "", "Mở lô tiếp nhận");
      link.href = `/batches/${batch}`;
      said.append(link);
    } catch (problem) {
      said.textContent = problem.message;
    }
    send.disabled = false;
  });
})();
