// The survey designer's page.
import "../surveys/designer.js";
