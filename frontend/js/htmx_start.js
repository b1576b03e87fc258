// htmx by itself begins in a timer of its own: what is pressed before that timer would be lost, for the
// page hears its keys already. It begins here, after everything that listens to it.
window.htmx.initialize();
