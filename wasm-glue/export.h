/*
 * What JavaScript sees of a wasm file.
 *
 * relock.wasm is core/ with relock_glue.c, sim.wasm is sim/ with sim_glue.c. Each is a bare module: no imports (the
 * build fails if there are any), so it is instantiated with {}, and then `_initialize()` is called once. Exports are
 * flat functions of numbers; pointers are offsets into the exported `memory`, which only JavaScript grows.
 */
#ifndef RELOCK_WASM_EXPORT_H
#define RELOCK_WASM_EXPORT_H

/**
 * Put before the prototype of a function that JavaScript calls; the function keeps its C name.
 *
 * Emscripten 3.1.6 exports what is marked `used`, which is all that its own EMSCRIPTEN_KEEPALIVE does; written out
 * here so that the glue needs no header of the SDK.
 */
#define RLK_EXPORT __attribute__((used, visibility("default")))

#endif
