// @ts-check
// The one class that owns the memory of sim.wasm: a simulated device and its person's hands.
import { WasmModule } from './wasm-module.js';

/** A simulated STM32 in its ROM bootloader. Time in it is virtual and passes only by transfers and sleep(). */
export class SimDevice {
    #wasm;

    /** @param {WebAssembly.Module} module of sim.wasm */
    constructor(module) {
        this.#wasm = new WasmModule(module);
    }

    get #x() {
        return this.#wasm.exports;
    }

    /** @returns {{name: string, title: string}[]} the devices that visitors can choose: those without surprises */
    profiles() {
        const titles = this.#wasm.names('sim_glue_profile_title');
        return this.#wasm.names('sim_glue_profile_name').map((name, index) => ({ name, title: titles[index] }));
    }

    /** @returns {string[]} all devices that can be simulated */
    everyProfile() {
        return this.#wasm.names('sim_glue_every_profile_name');
    }

    /**
     * Makes the device anew.
     * @param {string} profile any of the simulator's, also one that no visitor can choose
     * @param {{rdpLevel?: number, boot0?: boolean}} [state] protected, with BOOT0 held, unless told otherwise
     */
    init(profile, { rdpLevel = 1, boot0 = true } = {}) {
        const index = this.everyProfile().indexOf(profile);
        if (index < 0) {
            throw new Error(`no simulated device is called ${profile}`);
        }
        this.#x.sim_glue_init(index, rdpLevel, boot0 ? 1 : 0);
    }

    /**
     * One control transfer.
     * @param {Pick<import('./values.js').Operation, 'requestType' | 'request' | 'value' | 'windex' | 'length'
     * | 'timeoutMs'>} setup
     * @param {Uint8Array | null} data what an OUT transfer sends
     * @returns {{kind: 'ok' | 'stall' | 'timeout' | 'gone', data: Uint8Array<ArrayBuffer>}}
     */
    control(setup, data) {
        const x = this.#x;
        if (data) {
            this.#wasm.view(x.sim_glue_transfer(), data.length).set(data);
        }
        const kind = this.#wasm.text(x.sim_glue_control(setup.requestType, setup.request, setup.value, setup.windex,
            setup.length, setup.timeoutMs));
        const isIn = (setup.requestType & 0x80) !== 0 && kind === 'ok';
        return {
            kind: /** @type {'ok' | 'stall' | 'timeout' | 'gone'} */ (kind),
            data: this.#wasm.copy(x.sim_glue_transfer(), isIn ? x.sim_glue_transferred() : 0),
        };
    }

    /** @param {number} ms of virtual time */
    sleep(ms) {
        this.#x.sim_glue_sleep(ms);
    }

    get nowMs() {
        return this.#x.sim_glue_now_ms();
    }

    get isOnBus() {
        return this.#x.sim_glue_is_on_bus() !== 0;
    }

    /** Which time it is on the bus: a handle is dead once this has moved. */
    get arrival() {
        return this.#x.sim_glue_arrival() >>> 0;
    }

    /** Virtual time until it is on the bus if nobody touches it; Infinity if it never will be. */
    get msUntilOnBus() {
        const ms = this.#x.sim_glue_ms_until_on_bus() >>> 0;
        return ms === 0xffffffff ? Infinity : ms;
    }

    get boot0() {
        return this.#x.sim_glue_boot0() !== 0;
    }

    set boot0(high) {
        this.#x.sim_glue_set_boot0(high ? 1 : 0);
    }

    unplug() {
        this.#x.sim_glue_unplug();
    }

    plug() {
        this.#x.sim_glue_plug();
    }

    /** Its application jumps into the bootloader. */
    jump() {
        this.#x.sim_glue_jump();
    }

    get isRunningApplication() {
        return this.#x.sim_glue_is_running_application() !== 0;
    }

    pressReset() {
        this.#x.sim_glue_press_reset();
    }

    /**
     * Plans a fault for the transfer number `at` from now on.
     * @param {string} kind as the simulator names it
     * @param {number} at
     */
    addFault(kind, at) {
        return this.#x.sim_glue_fault_add(this.#wasm.names('sim_glue_fault_kind_name').indexOf(kind), at) !== 0;
    }

    /**
     * Makes the device behave differently.
     * @param {string} name of a knob, as the simulator names it
     * @param {number} value
     */
    setKnob(name, value) {
        const index = this.#wasm.names('sim_glue_knob_name').indexOf(name);
        if (index < 0) {
            throw new Error(`the simulator has no knob called ${name}`);
        }
        this.#x.sim_glue_knob_set(index, value);
    }

    /**
     * Declares option bits that may change besides the protection byte; without that a change is a violation.
     * @param {number} offset of a byte in the option block
     * @param {number} mask of bits in it
     * @param {number} value that they may become
     * @returns {boolean} false for a byte that is none of its own: RDP, a complement, beyond the block
     */
    allowOptionBits(offset, mask, value) {
        return this.#x.sim_glue_allow_option_bits(offset, mask, value) !== 0;
    }

    /** What only the simulator can know. */
    truth() {
        const x = this.#x;
        return {
            rdpLevel: x.sim_glue_rdp_level(),
            isStranded: x.sim_glue_is_stranded() !== 0,
            isRunningApplication: x.sim_glue_is_running_application() !== 0,
            regressions: x.sim_glue_regressions() >>> 0,
            transfers: x.sim_glue_transfers() >>> 0,
            violationCount: x.sim_glue_violations() >>> 0,
            violations: this.#wasm.names('sim_glue_violation'),
        };
    }

    /**
     * @param {number} offset into flash
     * @param {number} length
     * @returns {Uint8Array<ArrayBuffer>} what flash really holds
     */
    flash(offset, length) {
        return this.#wasm.copy((this.#x.sim_glue_flash() >>> 0) + offset, length);
    }
}
