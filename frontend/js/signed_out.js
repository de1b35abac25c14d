// On the page that comes after somebody has signed out: other tabs of this browser may still show what they wrote, and
// are told (notebook/drafts.js listens). What those tabs had stored went with the header Clear-Site-Data.
new BroadcastChannel("upskill signed out").postMessage("");
