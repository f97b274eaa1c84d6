// Progressive enhancement: the ceilings follow the levels chosen on the page. The server counts; this file only asks and shows.
const block = document.querySelector("[data-ceiling]");
const chosen = [...document.querySelectorAll("select[name^='answer-'], select[name^='level-']")];
let waiting;
const ask = async () => {
  const asked = new URLSearchParams(chosen.map((one) => [one.name, one.value]));
  try {
    const answer = await fetch(`${block.dataset.ceiling}?${asked}`, { headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    block.replaceChildren(...page.querySelector("[data-ceiling]").childNodes);
  } catch {
    // Without a network the block keeps what the server counted last.
  }
};
if (block) {
  for (const one of chosen) {
    one.addEventListener("change", () => {
      clearTimeout(waiting);
      waiting = setTimeout(ask, 300);
    });
  }
}
