// @ts-check
// Timers for timers.js: browsers slow the timers of a hidden page, but not those of its workers.

onmessage = ({ data: { id, ms } }) => {
    setTimeout(() => postMessage(id), ms);
};
