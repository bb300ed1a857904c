"use strict";
// A sandbox that hides our origin, or forbids forms, would keep the form from being sent: say so beforehand.
if (self.origin === "null") {
  document.getElementById("sign-form").hidden = true;
  document.getElementById("not-here").hidden = true;
  document.getElementById("sandboxed").hidden = false;
}
