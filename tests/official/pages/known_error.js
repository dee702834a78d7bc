// The component defines some of its elements twice, and does not catch the error of the second
// time. It is kept out of the console, where the tests look for errors that nobody knows of.
window.uncaught = [];

function noticed(event, error) {
  window.uncaught.push(error.message);
  if (error.message === "Cannot redefine property: registerNylasComponent") event.preventDefault();
}

addEventListener("error", (event) => noticed(event, event.error));
addEventListener("unhandledrejection", (event) => noticed(event, event.reason));
