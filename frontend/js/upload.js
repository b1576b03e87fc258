// A file dropped or chosen, sent with visible progress; without this script the form works the same.
const drop = (target) => target.closest?.("[data-drop]");

document.addEventListener("dragover", (event) => {
  const area = drop(event.target);
  if (!area) return;
  event.preventDefault();
  area.classList.add("over");
});
document.addEventListener("dragleave", (event) => drop(event.target)?.classList.remove("over"));
document.addEventListener("drop", (event) => {
  const area = drop(event.target);
  if (!area) return;
  event.preventDefault();
  area.classList.remove("over");
  const input = area.querySelector("input[type=file]");
  input.files = event.dataTransfer.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
});
document.addEventListener("change", (event) => {
  const area = event.target.matches?.("input[type=file]") && drop(event.target);
  if (!area) return;
  const [file] = event.target.files;
  if (!file) return;
  area.querySelector("[data-drop-name]").textContent = `${file.name} · ${(file.size / 1048576).toFixed(1)} MB`;
});
document.addEventListener("submit", (event) => {
  const form = event.target.closest?.("form[data-upload]");
  if (!form || !form.querySelector("input[type=file]")?.files.length) return;
  event.preventDefault();
  if (form.dataset.uploading) return;
  form.dataset.uploading = "1";
  const shown = form.querySelector("[data-upload-progress]");
  const bar = shown.querySelector("progress");
  const request = new XMLHttpRequest();
  shown.hidden = false;
  request.upload.onprogress = ({ loaded, total }) => {
    bar.value = (loaded / total) * 100;
    shown.querySelector("[data-upload-share]").textContent = `${Math.round(bar.value)}%`;
  };
  request.onload = () => {
    if (request.status < 400) return location.assign(request.responseURL);
    const answer = new DOMParser().parseFromString(request.responseText, "text/html");
    const again = answer.querySelector("form[data-upload]");
    if (again) form.replaceWith(document.adoptNode(again));
    else form.submit();
  };
  request.onerror = () => form.submit();
  request.open("POST", form.action || location.href);
  request.send(new FormData(form));
});
