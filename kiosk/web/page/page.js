// The page of a seat, around textual-serve's textual.js (a terminal, xterm.js, and its line): its size, a finger's
// touch, the line that is lost and found, and no way out by what a page can catch.
"use strict";
(() => {
  const CLOSED_ELSEWHERE = 4001, CLOSED_BY_CLERK = 4002, FULL = 4003; // kiosk/web/place.py
  const SLIP_PX = 24; // so far a finger slips and still means what it touched first
  const AGAIN_MS = 1000;
  const terminal = document.getElementById("terminal");
  const notice = document.getElementById("notice");

  // --- no way out ------------------------------------------------------------------------------------------------
  window.open = () => null; // an address on the screen is to be read, not followed
  const drop = (event) => { event.preventDefault(); event.stopImmediatePropagation(); };
  for (const name of ["contextmenu", "copy", "cut", "paste", "dragstart", "dragover", "drop", "selectstart", "auxclick",
    "gesturestart"])
    window.addEventListener(name, drop, { capture: true, passive: false });
  window.addEventListener("mousedown", (event) => { // with Shift a terminal selects; other buttons have menus
    if (event.button !== 0 || event.shiftKey) drop(event);
  }, { capture: true });
  window.addEventListener("wheel", (event) => { if (event.ctrlKey) drop(event); }, { capture: true, passive: false });
  window.addEventListener("keydown", (event) => { // the screens still hear of it; the browser does nothing with it
    if (/^F\d+$/.test(event.key) || event.ctrlKey || event.altKey || event.metaKey
      || /^(Browser|Launch|Media|Zoom)/.test(event.key)) event.preventDefault();
  }, { capture: true });
  history.pushState(null, "");
  window.addEventListener("popstate", () => history.pushState(null, ""));

  // --- a finger: one touch is one press, at once, however long it lasts --------------------------------------------
  let finger = null;
  const mouse = (name, at, buttons) => {
    const target = document.elementFromPoint(at.x, at.y) || terminal;
    target.dispatchEvent(new MouseEvent(name, {
      bubbles: true, cancelable: true, view: window, clientX: at.x, clientY: at.y, button: 0, buttons, detail: 1,
    }));
  };
  const where = (touch) => ({ id: touch.identifier, x: touch.clientX, y: touch.clientY });
  const onTouch = (name, act) => terminal.addEventListener(name, (event) => {
    event.preventDefault(); // else the browser would tell it once more, as a mouse
    for (const touch of event.changedTouches) act(touch);
  }, { passive: false });
  onTouch("touchstart", (touch) => { if (!finger) finger = { ...where(touch), from: where(touch), dragged: false }; });
  onTouch("touchmove", (touch) => {
    if (!finger || touch.identifier !== finger.id) return;
    finger.dragged ||= Math.hypot(touch.clientX - finger.from.x, touch.clientY - finger.from.y) > SLIP_PX;
    if (!finger.dragged) return;
    const target = document.elementFromPoint(finger.from.x, finger.from.y) || terminal;
    target.dispatchEvent(new WheelEvent("wheel", {
      bubbles: true, cancelable: true, clientX: finger.from.x, clientY: finger.from.y, deltaY: finger.y - touch.clientY,
    }));
    finger.y = touch.clientY;
  });
  onTouch("touchend", (touch) => {
    if (!finger || touch.identifier !== finger.id) return;
    const { from, dragged } = finger;
    finger = null;
    if (dragged) return;
    mouse("mousemove", from, 0);
    mouse("mousedown", from, 1);
    mouse("mouseup", from, 0);
    mouse("mousemove", { x: 1, y: 1 }, 0); // a finger that is lifted hovers over nothing
  });
  onTouch("touchcancel", () => { finger = null; });

  // --- the line ----------------------------------------------------------------------------------------------------
  const say = (text) => { notice.textContent = text; notice.hidden = false; };
  const comeBack = async () => {
    try {
      if ((await fetch("../../alive", { cache: "no-store" })).ok) { location.reload(); return; }
    } catch { /* not yet */ }
    setTimeout(comeBack, AGAIN_MS);
  };
  const onTap = (act) => notice.addEventListener("pointerup", act, { once: true });
  const lost = (code) => {
    if (code === CLOSED_ELSEWHERE) {
      say("This screen is shown in another window.\nTouch here to have one of your own.\n\n" +
        "此界面已在另一窗口打开。\n点按此处另开一个。");
      onTap(() => location.replace("../../"));
    } else if (code === CLOSED_BY_CLERK) {
      say("Closed by the staff. Touch here to open.\n\n已由店员关闭。点按此处打开。");
      onTap(() => location.replace("../../"));
    } else if (code === FULL) {
      say("All kiosks are in use. Please wait.\n\n自助机均在使用中，请稍候。");
      setTimeout(comeBack, 5 * AGAIN_MS);
    } else {
      say("Out of service. Back in a moment.\nWhat was paid is safe.\n\n暂停服务，请稍候。\n已付款项安全。");
      setTimeout(comeBack, AGAIN_MS);
    }
  };
  const Line = window.WebSocket;
  window.WebSocket = class extends Line {
    constructor(...given) {
      super(...given);
      let leaving = false;
      window.addEventListener("pagehide", () => { leaving = true; });
      this.addEventListener("close", (event) => { if (!leaving) lost(event.code); });
    }
    send(data) { if (this.readyState === Line.OPEN) super.send(data); } // else nobody's
  };

  // --- the size, and the start -------------------------------------------------------------------------------------
  const fontPx = () => { // so large that the window holds that many columns and rows, and no fewer
    const pen = document.createElement("canvas").getContext("2d");
    pen.font = '100px "Roboto Mono"';
    const box = pen.measureText("W");
    const width = box.width / 100, height = (box.fontBoundingBoxAscent + box.fontBoundingBoxDescent) / 100;
    const { columns, rows } = terminal.dataset;
    return Math.max(8, Math.floor(Math.min(innerWidth / (columns * width), innerHeight / (rows * height))));
  };
  const start = async () => {
    await document.fonts.load('16px "Roboto Mono"').catch(() => null); // a terminal measures its letters once
    terminal.dataset.fontSize = fontPx();
    terminal.dataset.sessionWebsocketUrl = new URL("ws", location.href).href.replace(/^http/, "ws");
    const script = document.createElement("script");
    script.src = "../../page/textual.js";
    script.onload = () => {
      window.onload(); // it waits for the page, which is there
      const keys = terminal.querySelector("textarea");
      keys.inputMode = "none"; // the screens bring keys of their own
      keys.focus();
      window.addEventListener("focus", () => keys.focus());
      keys.addEventListener("blur", () => setTimeout(() => keys.focus()));
    };
    document.head.append(script);
  };
  if (document.readyState === "complete") start();
  else window.addEventListener("load", start, { once: true });
})();
