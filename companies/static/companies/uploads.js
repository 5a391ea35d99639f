"use strict";
// A file dropped on the form is sent as if it had been chosen.
document.querySelectorAll("form.drop").forEach((form) => {
  const input = form.querySelector("input[type=file]");
  const over = (is) => form.classList.toggle("over", is);
  form.addEventListener("dragover", (event) => {
    event.preventDefault();
    over(true);
  });
  form.addEventListener("dragleave", () => over(false));
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    over(false);
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    form.requestSubmit();
  });
  form.addEventListener("submit", () => form.classList.add("sending"));
});

// The page of a piece of work asks how far it is, and is loaded anew when it has ended.
document.querySelectorAll("[data-progress]").forEach((box) => {
  const bar = box.querySelector("progress");
  const words = box.querySelector("[role=status]");
  const look = async () => {
    try {
      const answer = await fetch(box.dataset.progress, { headers: { Accept: "application/json" } });
      const news = await answer.json();
      if (news.stage !== "waiting" && news.stage !== "working") {
        location.reload();
        return;
      }
      bar.value = news.percent;
      if (words.textContent !== news.sentence) words.textContent = news.sentence;
    } catch { /* the server may be away for a moment */ }
    setTimeout(look, 1000);
  };
  setTimeout(look, 500);
});
