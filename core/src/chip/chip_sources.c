/* What each row of the chip table rests on, besides what its comments say: documents and their sections. */
#include "relock/chip.h"

static const char *const sources[RLK_FAMILY_COUNT] = {
    [RLK_FAMILY_STM32F04X] =
        "RM0091; AN3156; AN2606 tables 7, 31 and 227; ST's empty check article; CubeProgrammer 0x445",
    [RLK_FAMILY_STM32F07X] = "RM0091; AN3156; AN2606 tables 7, 31 and 227; CubeProgrammer 0x448",
    [RLK_FAMILY_STM32F105] = "AN2662; AN3156; AN2606 tables 7 and 227; dfu-util's device log; CubeProgrammer 0x418",
    [RLK_FAMILY_STM32F30X] = "RM0365; AN3156; AN2606 tables 7 and 227; CubeProgrammer 0x422, 0x446, 0x439",
    [RLK_FAMILY_STM32F37X] = "RM0313; AN3156; AN2606 tables 7 and 227; CubeProgrammer 0x432",
    [RLK_FAMILY_STM32F405] =
        "RM0090; RM0402; AN3156; AN2606 4.4 and tables 7, 227; dfu-util's device log; CubeProgrammer 0x413",
    [RLK_FAMILY_STM32F412] = "RM0402; AN3156; AN2606 4.4 and tables 7, 227; CubeProgrammer 0x441",
    [RLK_FAMILY_STM32F2] = "AN3156; AN2606 4.4 and tables 7, 227; ST's HAL for F2; CubeProgrammer 0x411",
    [RLK_FAMILY_STM32F401] =
        "RM0402; AN3156; AN2606 4.4 and tables 7, 78, 227; CubeProgrammer 0x423, 0x433, 0x431, 0x421",
    [RLK_FAMILY_STM32F413] = "RM0402; AN3156; AN2606 4.4 and tables 7, 227; CubeProgrammer 0x463",
    [RLK_FAMILY_STM32F42X] = "AN3156; AN2606 4.4 and tables 7, 92, 227; CubeProgrammer 0x419, 0x434",
    [RLK_FAMILY_STM32F72X] = "AN3156; AN2606 4.4 and tables 7, 227; ST's HAL for F7; CubeProgrammer 0x452",
    [RLK_FAMILY_STM32F74X] = "AN3156; AN2606 4.4 and tables 7, 227; fwupd's logs; CubeProgrammer 0x449",
    [RLK_FAMILY_STM32F76X] = "AN3156; AN2606 4.4 and tables 7, 227; rusefi issue 3597; CubeProgrammer 0x451",
    [RLK_FAMILY_STM32L4] =
        ("RM0351; RM0394; AN3156; AN2606 tables 7, 227, 229; ST's empty check article; CubeProgrammer "
         "0x464, 0x435, 0x462, 0x461"),
    [RLK_FAMILY_STM32L47X] = "RM0351; AN3156; AN2606 tables 7, 227 and 229; CubeProgrammer 0x415",
    [RLK_FAMILY_STM32G431] = "RM0440; AN3156; AN2606 tables 7, 227; CubeProgrammer 0x468",
    [RLK_FAMILY_STM32G47X] = "RM0440; AN3156; AN2606 tables 7, 227; CubeProgrammer 0x469",
    [RLK_FAMILY_STM32G49X] = "RM0440; AN3156; AN2606 tables 7, 227; STM32CubeG4's OpenBootloader; CubeProgrammer 0x479",
    [RLK_FAMILY_STM32L4PLUS] = "RM0432; AN3156; AN2606 tables 7, 227; CubeProgrammer 0x470, 0x471",
    [RLK_FAMILY_STM32L07X] = "RM0367; AN3156; AN2606 tables 7, 227; CubeProgrammer 0x447",
    [RLK_FAMILY_STM32L1] = "AN3156; AN2606 tables 7, 227; ST thread 218920; CubeProgrammer 0x427, 0x436, 0x437",
    [RLK_FAMILY_STM32H74X] = "AN3156; AN2606 tables 7, 136, 227; OpenOCD stm32h7x.c; CubeProgrammer 0x450",
    [RLK_FAMILY_STM32H72X] = "AN3156; AN2606 tables 7, 227; OpenOCD stm32h7x.c; CubeProgrammer 0x483",
    [RLK_FAMILY_STM32H7A3] = "AN3156; AN2606 tables 7, 137, 227; OpenOCD stm32h7x.c; CubeProgrammer 0x480",
    [RLK_FAMILY_STM32L5] = "AN5347; AN3156; AN2606 tables 7, 179, 180, 227; CubeProgrammer 0x472",
    [RLK_FAMILY_STM32U5] = ("AN3156; AN2606 tables 7, 221, 227; STM32CubeU5's OpenBootloader; "
                            "CubeProgrammer 0x455, 0x482, 0x481, 0x476"),
    [RLK_FAMILY_STM32U3] = "AN3156's list of series; AN2606 table 7; CubeProgrammer 0x454, 0x42A, 0x42B, 0x42C",
    [RLK_FAMILY_STM32WBA6] = "AN3156's list of series; AN2606 table 7; CubeProgrammer 0x4B0",
    [RLK_FAMILY_STM32U0] = ("AN3156; AN2606 table 7; STM32CubeU0's OpenBootloader; ST's empty check article; "
                            "CubeProgrammer 0x489"),
    [RLK_FAMILY_STM32WB55] =
        "AN3156; AN2606 tables 7, 184, 227; qFlipper; ST's empty check article; CubeProgrammer 0x495",
    [RLK_FAMILY_STM32C071] = "AN3156; AN2606 table 7; ST's empty check article; CubeProgrammer 0x493",
    [RLK_FAMILY_STM32G0B1] = ("RM0444; AN3156; AN2606 tables 7, 110, 112, 227; STM32CubeG0's OpenBootloader; "
                              "CubeProgrammer 0x467"),
    [RLK_FAMILY_GD32] = "dfu-util quirks.c and ticket 148; riscv-mcu/gd32-dfu-utils issue 3",
    [RLK_FAMILY_AT32] = "betaflight-configurator usbdfu.js",
    [RLK_FAMILY_APM32] = "a listing of an APM32F103",
    [RLK_FAMILY_DFUSE] = "memory layouts of Particle, Black Magic Probe and ST's DFU examples",
    [RLK_FAMILY_STM32H5] =
        "AN3156 table 5; STM32CubeH5's OpenBootloader; CubeProgrammer 0x474, 0x478, 0x484, 0x47A, 0x47C",
    [RLK_FAMILY_STM32H7RS] = "CubeProgrammer 0x485, 0x47B",
    [RLK_FAMILY_STM32C5] = "betaflight-configurator 5300; stm32-mw-openbl 7.0.0; CubeProgrammer 0x44E, 0x44F, 0x45A",
    [RLK_FAMILY_STM32N6] = "betaflight 15214; AN5275; CubeProgrammer 0x486",
};

const char *rlk_chip_sources(enum rlk_family family)
{
    const bool is_known = (unsigned)family > RLK_FAMILY_UNKNOWN && (unsigned)family < RLK_FAMILY_COUNT;
    return is_known ? sources[family] : "";
}
