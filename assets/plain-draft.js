// What was begun and not sent stays in this browser, until it is sent, thrown away, or six days old.
"use strict";
window.draft = {
  key: "gridhall-report",
  days: 6,
  read() {
    try {
      const found = JSON.parse(localStorage.getItem(this.key) || "null");
      return found && Date.now() - found.at < this.days * 86400000 ? found : null;
    } catch { return null; }
  },
  write(values) {
    const whole = { ...values, at: Date.now() };
    for (const kept of [whole, { ...whole, photos: [] }]) { // photos may be more than a browser keeps
      try { localStorage.setItem(this.key, JSON.stringify(kept)); return; } catch { /* without photos, then */ }
    }
  },
  clear() { try { localStorage.removeItem(this.key); } catch { /* nothing was kept */ } },
};
