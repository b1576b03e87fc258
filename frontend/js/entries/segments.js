// The builder of segments.
import "../segments/builder.js";
