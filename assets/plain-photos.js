// The photos of the form: made smaller here, sent at once, shown, taken away. What cannot be drawn (HEIC) goes as it is.
"use strict";
window.photoShelf = (form, changed) => {
  const SIDE = 1600, QUALITY = 0.8, FRESH = 20 * 3600000;
  const words = form.dataset, most = Number(words.mostPhotos), add = document.getElementById("report-add");
  let photos = [];

  const smaller = (file) => new Promise((done) => {
    const address = URL.createObjectURL(file), picture = new Image();
    picture.onerror = () => { URL.revokeObjectURL(address); done({ file }); };
    picture.onload = () => {
      const share = Math.min(1, SIDE / Math.max(picture.naturalWidth, picture.naturalHeight)), paper = document.createElement("canvas");
      paper.width = Math.round(picture.naturalWidth * share);
      paper.height = Math.round(picture.naturalHeight * share);
      paper.getContext("2d").drawImage(picture, 0, 0, paper.width, paper.height);
      URL.revokeObjectURL(address);
      done({ source: paper.toDataURL("image/jpeg", QUALITY) });
    };
    picture.src = address;
  });
  const bytes = (photo) => {
    if (photo.file) return photo.file;
    const raw = atob(photo.source.split(",")[1]);
    return new Blob([Uint8Array.from(raw, (c) => c.charCodeAt(0))], { type: "image/jpeg" });
  };

  const upload = (photo) => {
    if (photo.id || photo.sending) return photo.sending || Promise.resolve();
    photo.sending = new Promise((done, failed) => {
      const asked = new XMLHttpRequest(), body = new FormData();
      body.append("form", form.elements.form.value);
      body.append("photo", bytes(photo), "photo");
      asked.open("POST", "/report/photos");
      asked.setRequestHeader("Accept", "application/json");
      asked.upload.onprogress = (event) => { photo.said = words.uploading.replace("{n}", Math.round((100 * event.loaded) / event.total)); show(); };
      asked.onerror = () => failed(new TypeError("no network"));
      asked.onload = () => {
        const told = (() => { try { return JSON.parse(asked.responseText); } catch { return {}; } })();
        if (asked.status === 201) { photo.id = told.id; photo.at = Date.now(); done(); }
        else failed(asked.status >= 500 ? new TypeError("no answer") : Object.assign(new Error(told.detail || ""), { photo }));
      };
      asked.send(body);
    }).then(() => { photo.said = ""; }, (error) => { photo.said = words.kept; throw error; })
      .finally(() => { photo.sending = null; show(); changed(); });
    return photo.sending;
  };
  const drop = (photo) => { photos = photos.filter((each) => each !== photo); show(); changed(); };

  const card = (photo) => {
    const shot = document.createElement("div"), key = document.createElement("button"), cross = document.createElement("span");
    const picture = document.createElement(photo.source ? "img" : "span");
    shot.className = "public-shot";
    if (photo.source) { picture.src = photo.source; picture.alt = words.unseen; } else { picture.className = "is-blank"; picture.textContent = words.unseen; }
    key.type = "button";
    key.ariaLabel = words.remove;
    cross.textContent = "×";
    key.append(cross);
    key.onclick = () => drop(photo);
    shot.append(picture, key);
    if (photo.said) { const said = document.createElement("small"); said.textContent = photo.said; shot.append(said); }
    return shot;
  };
  const show = () => {
    for (const old of form.querySelectorAll(".public-shot")) old.remove();
    add.before(...photos.map(card));
    add.hidden = photos.length >= most;
  };

  add.querySelector("input").addEventListener("change", async (event) => {
    const files = [...event.target.files];
    event.target.value = "";
    if (files.length + photos.length > most) form.dispatchEvent(new CustomEvent("refused", { detail: words.tooMany }));
    for (const file of files.slice(0, most - photos.length)) {
      const photo = await smaller(file);
      photos.push(photo);
      show();
      changed();
      upload(photo).catch((error) => { if (error.photo) { drop(photo); form.dispatchEvent(new CustomEvent("refused", { detail: error.message })); } });
    }
  });

  return {
    all: () => photos,
    ids: () => photos.map((photo) => photo.id),
    sendAll: () => Promise.all(photos.map(upload)),
    forget: () => { for (const photo of photos) photo.id = null; }, // the server's copies belonged to another form
    kept: () => photos.filter((photo) => photo.source).map(({ source, id, at }) => ({ source, id, at })),
    restore: (kept) => {
      photos = (kept || []).map((photo) => (Date.now() - (photo.at || 0) < FRESH ? photo : { source: photo.source }));
      show();
    },
  };
};
