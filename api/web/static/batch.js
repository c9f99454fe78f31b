"use strict";
// Keeps the batch's page up to date while files are in work; asks once a second.
(() => {
  const section = document.getElementById("batch");
  if (section.dataset.moving !== "yes") return;
  const names = {
    received: "Đã nhận", identified: "Đã nhận dạng tệp", checked: "Đã kiểm tra chữ ký", read: "Đã đọc",
    needs_review: "Cần xác nhận", reviewed: "Đã xác nhận", composed: "Đã tạo PDF/A", certified: "Đã ký số",
    done: "Hoàn thành", stopped: "Dừng lại",
  };
  const still = new Set(["done", "stopped", "needs_review"]);
  const put = (id, value) => {
    const place = document.getElementById(id);
    if (place.textContent !== String(value)) place.textContent = value;
  };
  let lastSaid = "";

  function showFile(file) {
    const row = section.querySelector(`tr[data-document="${file.id}"]`);
    if (!row) { window.location.reload(); return; }
    const chip = row.querySelector(".state .chip");
    if (!chip.classList.contains(`state-${file.state}`)) {
      chip.className = `chip state-${file.state}`;
      chip.textContent = names[file.state] || file.state;
    }
    row.querySelector(".why").textContent = file.message || "";
    const bar = row.querySelector("progress");
    bar.max = file.page_count || 1;
    bar.value = file.pages_read;
    row.querySelector(".pages-read").textContent = `${file.pages_read}/${file.page_count ?? "?"}`;
  }

  async function look() {
    const answer = await fetch(`/v1/batches/${section.dataset.batch}`, { headers: { Accept: "application/json" } });
    if (!answer.ok) {
      put("said", "Không cập nhật được tình trạng. Hãy tải lại trang.");
      return;
    }
    const batch = await answer.json();
    batch.files.forEach(showFile);
    const counts = batch.progress;
    put("count-files", counts.files);
    put("count-read", counts.pages_read);
    put("count-pages", counts.pages);
    put("count-finished", counts.finished);
    put("count-review", counts.by_state.needs_review || 0);
    const moving = batch.files.filter((file) => !still.has(file.state)).length;
    const review = counts.by_state.needs_review || 0;
    const now = moving ? `Đang xử lý ${moving} tệp…`
      : `Đã xử lý xong.${review ? ` ${review} tệp cần xác nhận.` : ""}`;
    if (now !== lastSaid) put("said", now); // said once, not every second, to a screen reader
    lastSaid = now;
    if (moving) window.setTimeout(look, 1000);
  }
  window.setTimeout(look, 700);
})();
