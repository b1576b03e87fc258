// Everything that every page needs; loaded once, cached for good.
import "../htmx_setup.js";
import "../requests.js";
import "../theme.js";
import "../keys.js";
import "../palette.js";
import "../menus.js";
import "../dialogs.js";
import "../panels.js";
import "../rows.js";
import "../picking.js";
import "../toasts.js";
import "../moments.js";
import "../clocks.js";
import "../drafts.js";
import "../live.js";
import "../charts_loader.js";
import "../islands.js";
