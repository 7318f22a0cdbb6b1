/*
 * What a ROM does because of the code that it grew from, by generation: three lineages of ST's published DFU code,
 * whose marks the ROMs carry. What varies within a generation, or was seen of single ROMs, is a knob instead.
 *
 * Sources: STM32_USB-FS-Device_Lib 4.0 (usb_prop.c), stm32_mw_usb_device (usbd_dfu.c 2.5 to 2.11.3), stm32_mw_usbx
 * (ux_device_class_dfu_control_request.c) and the Open Bootloaders on top of them; AN3156 where code says nothing.
 */
#include "internal.h"

#define IN(state)  (1U << (state))
#define IDLES      (IN(DFU_STATE_IDLE) | IN(DFU_STATE_DNLOAD_IDLE) | IN(DFU_STATE_UPLOAD_IDLE))
#define IDLES_SYNC (IDLES | IN(DFU_STATE_DNLOAD_SYNC) | IN(DFU_STATE_MANIFEST_SYNC))

static const struct sim_generation generations[SIM_GENERATIONS] = {
    [SIM_GENERATION_A] = {.product = "STM32  BOOTLOADER",
                          .bcd_usb = 0x0100,
                          .abort_states = IDLES_SYNC,
                          .first_interface_string = 4,
                          .functional_alone = 1,
                          .unknown_command = SIM_UNKNOWN_IGNORED,
                          .mass_erase = SIM_MASS_ERASE_WORKS}, /* AN3156 5.2; the library ignores it */
    [SIM_GENERATION_B_OLD] = {.product = "DFU in FS Mode",
                              .bcd_usb = 0x0200,
                              .abort_states = IDLES_SYNC,
                              .configuration_string = 2,
                              .first_interface_string = 6,
                              .functional_alone = 1,
                              .unknown_command = SIM_UNKNOWN_STALLS,
                              .mass_erase = SIM_MASS_ERASE_UNKNOWN},
    [SIM_GENERATION_B_NEW] = {.product = "DFU in FS Mode",
                              .bcd_usb = 0x0200,
                              .abort_states = IDLES_SYNC,
                              .configuration_string = 2,
                              .first_interface_string = 6,
                              .functional_alone = 1,
                              .unknown_command = SIM_UNKNOWN_LONG_STALLS,
                              .mass_erase = SIM_MASS_ERASE_UNKNOWN},
    [SIM_GENERATION_C] = {.product = "DFU in FS Mode", /* seen of U5; the examples say something else */
                          .bcd_usb = 0x0200,
                          .abort_states = IDLES,
                          .configuration_string = 2,
                          .first_interface_string = 6,
                          .functional_alone = 1,
                          .strays_are_errors = 1,
                          .abort_stalls = 1,
                          .drops_failures = 1,
                          .error_poll_ms = 1,
                          .unknown_command = SIM_UNKNOWN_DEAF,
                          .mass_erase = SIM_MASS_ERASE_SOME_PAGE,
                          .state_in_busy_stalls = 1},
    [SIM_GENERATION_C5] = {.product = "DFU in FS Mode",
                           .bcd_usb = 0x0200,
                           .abort_states = IDLES,
                           .configuration_string = 2,
                           .first_interface_string = 6,
                           .strays_are_errors = 1,
                           .abort_stalls = 1,
                           .drops_failures = 1,
                           .get_fills = 1,
                           .error_poll_ms = 1,
                           .unknown_command = SIM_UNKNOWN_IGNORED,
                           .mass_erase = SIM_MASS_ERASE_SOME_PAGE,
                           .state_in_busy_stalls = 1},
};

const struct sim_generation *sim_generation(const struct sim_device *device)
{
    return &generations[sim_row(device)->generation];
}
