"use strict";
// Large files straight into the object store, in parts: each part's address takes its very bytes alone.
// Resolves to what the service answers when the file is complete; throws where the usual way must do.
window.sendDirectly = async (batch, file, about, csrf, onProgress) => {
  const TRIES = 4;

  async function ask(path, body) {
    const answer = await fetch(`/v1/batches/${batch}/direct-uploads${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRF-Token": csrf, Accept: "application/json" },
      body: JSON.stringify(body),
    });
    return { status: answer.status, body: await answer.json() };
  }

  async function must(path, body) {
    const { status, body: told } = await ask(path, body);
    if (status >= 300) throw new Error(told.detail);
    return told;
  }

  const hex = (bytes) => [...new Uint8Array(bytes)].map((one) => one.toString(16).padStart(2, "0")).join("");

  function put(where, bytes, onSent) {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open(where.method, where.url);
      for (const [name, value] of Object.entries(where.headers)) request.setRequestHeader(name, value);
      request.upload.addEventListener("progress", (event) => onSent(event.loaded));
      request.addEventListener("load", () => {
        const etag = request.getResponseHeader("ETag");
        if (request.status < 300 && etag) resolve(etag.replaceAll('"', ""));
        else reject(new Error(`HTTP ${request.status}`));
      });
      request.addEventListener("error", () => reject(new Error("Mất kết nối tới kho.")));
      request.send(bytes);
    });
  }

  async function sendPart(path, number, bytes, before) {
    const sha256 = hex(await crypto.subtle.digest("SHA-256", bytes));
    for (let attempt = 1; ; attempt += 1) {
      try {
        const { parts } = await must(`${path}/parts`, { parts: [{ number, sha256 }] });
        const etag = await put(parts[0], bytes, (sent) => onProgress((before + sent) / file.size));
        return { number, sha256, etag };
      } catch (problem) {
        if (attempt === TRIES) throw problem;
        await new Promise((resolve) => { setTimeout(resolve, 500 * 2 ** attempt); });
      }
    }
  }

  const upload = await must("", { bytes: file.size });
  const path = `/${upload.id}`;
  try {
    const parts = [];
    for (let number = 1; number <= upload.parts; number += 1) {
      const from = (number - 1) * upload.part_bytes;
      const bytes = await file.slice(from, from + upload.part_bytes).arrayBuffer();
      parts.push(await sendPart(path, number, bytes, from));
    }
    return await ask(`${path}/complete`, { name: file.name, parts, metadata: about });
  } catch (problem) {
    await fetch(`/v1/batches/${batch}/direct-uploads${path}`, { method: "DELETE", headers: { "X-CSRF-Token": csrf } });
    throw problem;
  }
};
