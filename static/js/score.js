// Progressive enhancement of the score form: the sum and its band follow what is typed. The server sums again, and judges.
const output = document.querySelector("[data-score]");
if (output) {
  const { score, scoreWhole, scorePart, scoreFixed, scoreBands } = output.dataset;
  const fields = [...document.querySelectorAll(`input[name^="${score}"]`)];
  const bands = scoreBands.split("|").map((one) => one.split(":"));
  const comma = document.documentElement.lang === "en" ? "." : ",";
  const read = (field) => (/^\d{1,3}([.,]\d{1,2})?$/.test(field.value.trim()) ? Number(field.value.trim().replace(",", ".")) : NaN);
  const tell = () => {
    const given = fields.map(read);
    const left = given.filter(Number.isNaN).length;
    const sum = given.reduce((all, one) => all + (one || 0), Number(scoreFixed));
    const band = bands.find(([least]) => sum >= Number(least))?.[1];
    const text = left || !band ? scorePart.replace("{left}", left) : scoreWhole.replace("{band}", band);
    output.textContent = text.replace("{n}", String(Math.round(sum * 100) / 100).replace(".", comma));
  };
  for (const field of fields) field.addEventListener("input", tell);
  tell();
}
