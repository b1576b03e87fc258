// The explorer's page: dragging, narrowing, the whole screen. Everything works by links and keys too.
import "../explorer.js";
