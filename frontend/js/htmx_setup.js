import "htmx.org/dist/htmx.esm.js";
import "htmx.org/dist/ext/hx-alpine-compat.js";
import "htmx.org/dist/ext/hx-preload.js";

const opensItself = (elt) => elt.matches?.("details, dialog");

// The person opens and closes menus, the server does not: a morph leaves that alone.
window.htmx.registerExtension("keep-open", {
  htmx_before_morph_attr: (elt, { attrName }) => (attrName === "open" && opensItself(elt) ? false : undefined),
});
