// The ring: two soft tones every 3 s, vibration, and the page's title. Sound needs one touch first; browsers insist.
"use strict";
const ring = (() => {
  let sound = null, timer = 0, muted = localStorage.getItem("muted") === "yes";
  const told = [];

  function ready() { return !muted && sound !== null && sound.state === "running"; }

  function tone(pitch, at) {
    const voice = sound.createOscillator(), loud = sound.createGain();
    voice.frequency.value = pitch;
    loud.gain.setValueAtTime(0, at);
    loud.gain.linearRampToValueAtTime(0.25, at + 0.04);
    loud.gain.exponentialRampToValueAtTime(0.001, at + 0.55);
    voice.connect(loud).connect(sound.destination);
    voice.start(at);
    voice.stop(at + 0.6);
  }

  function once() {
    if (navigator.vibrate && !muted) navigator.vibrate([220, 120, 220]);
    if (!ready()) return;
    tone(659, sound.currentTime);
    tone(523, sound.currentTime + 0.35);
    document.body.dataset.tones = String(Number(document.body.dataset.tones || 0) + 1);
  }

  function changed() { for (const tell of told) tell(); }

  return {
    // Only inside a touch or a key press.
    async wake() {
      sound = sound || new AudioContext();
      sound.onstatechange = changed;
      if (sound.state !== "running") await sound.resume();
      changed();
    },
    get muted() { return muted; },
    get ready() { return ready(); },
    mute(yes) { muted = yes; localStorage.setItem("muted", yes ? "yes" : "no"); changed(); },
    follow(tell) { told.push(tell); },
    start() {
      if (timer) return;
      once();
      timer = setInterval(once, 3000);
    },
    stop() {
      clearInterval(timer);
      timer = 0;
    },
  };
})();
