"use strict";

const at = id => document.getElementById(id);
const types = at("file").accept.split(",");
const mostBytes = 20 << 20; // the service takes no more, and may hang up before it has read all
let newest = 0;

async function ask(path, file) {
  const response = await fetch(path, { method: "POST", headers: { "Content-Type": file.type }, body: file });
  if (!response.ok) {
    const answer = await response.json().catch(() => ({}));
    throw new Error(answer.problem ?? `The service answers ${response.status}.`);
  }
  return response;
}

function show(answer) {
  at("label").textContent = answer.isUnsure ? `Unsure, at best ${answer.classes[0].label}` : answer.classes[0].label;
  at("sureness").textContent = answer.possible && !answer.isUnsure ? `With 95 % coverage: ${answer.possible.join(" or ")}` : "";
  at("classes").replaceChildren(...answer.classes.slice(0, 10).map(({ label, probability }) => {
    const [row, name, bar, share] = ["li", "span", "meter", "span"].map(tag => document.createElement(tag));
    [name.textContent, bar.value, share.textContent] = [label, probability, `${(100 * probability).toFixed(1)} %`];
    bar.setAttribute("aria-hidden", "true");
    row.append(name, bar, share);
    return row;
  }));
  at("answer").hidden = false;
}

async function classify(file) {
  const mine = ++newest; // an answer that comes late belongs to an older photo
  at("problem").hidden = at("answer").hidden = at("overlay").hidden = true;
  try {
    if (!types.includes(file.type)) {
      throw new Error("Expected a JPEG, PNG, WebP, BMP or GIF image.");
    }
    if (file.size > mostBytes) {
      throw new Error("Expected at most 20 MB.");
    }
    const answer = await (await ask("predict", file)).json();
    if (mine !== newest) {
      return;
    }
    show(answer);
    at("photo").src = URL.createObjectURL(file);
    at("belief").textContent = "Looking at what that rests on ...";
    const response = await ask("explain", file);
    const overlay = await response.blob();
    if (mine !== newest) {
      return;
    }
    at("overlay").src = URL.createObjectURL(overlay);
    at("overlay").hidden = false;
    at("belief").textContent = response.headers.get("X-Map-Better-Than-Random") === "yes"
      ? `What speaks for ${answer.classes[0].label}, the lighter the more`
      : `What speaks for ${answer.classes[0].label}; this map is no better than random ones: do not trust it`;
  } catch (error) {
    if (mine === newest) {
      at("problem").textContent = error.message;
      at("problem").hidden = false;
    }
  }
}

at("file").addEventListener("change", event => event.target.files[0] && classify(event.target.files[0]));
addEventListener("dragover", event => {
  event.preventDefault();
  at("drop").classList.add("over");
});
addEventListener("dragleave", () => at("drop").classList.remove("over"));
addEventListener("drop", event => {
  event.preventDefault();
  at("drop").classList.remove("over");
  event.dataTransfer.files[0] && classify(event.dataTransfer.files[0]);
});
