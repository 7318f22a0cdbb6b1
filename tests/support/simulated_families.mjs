// @ts-check
/** Which family each simulated device is of: the marking on a chip that is none. */

/** Where the profile's name is not the family's. @type {Record<string, string>} */
const OTHER_NAMES = {
    'stm32f042': 'STM32F04x', 'stm32f072': 'STM32F07x', 'stm32l432': 'STM32L4', 'stm32l452': 'STM32L4',
    'stm32l476': 'STM32L47x', 'stm32f105_v1': 'STM32F105', 'stm32f303': 'STM32F30x', 'stm32f373': 'STM32F37x',
    'stm32f205': 'STM32F2', 'stm32f411': 'STM32F401', 'stm32f446': 'STM32F401', 'stm32f427': 'STM32F42x',
    'stm32f722': 'STM32F72x', 'stm32f745': 'STM32F74x', 'stm32f767': 'STM32F76x', 'stm32l072': 'STM32L07x',
    'stm32l152': 'STM32L1', 'stm32l4r5': 'STM32L4Plus', 'stm32g474': 'STM32G47x', 'stm32g491': 'STM32G49x',
    'stm32u083': 'STM32U0', 'stm32h743': 'STM32H74x', 'stm32h723': 'STM32H72x', 'stm32l552': 'STM32L5',
    'stm32u585': 'STM32U5', 'stm32u375': 'STM32U3', 'stm32wba65': 'STM32WBA6', 'stm32h563': 'STM32H5',
    'stm32h7s3': 'STM32H7RS', 'stm32c562': 'STM32C5', 'stm32n657': 'STM32N6', 'gd32f303': 'GD32', 'at32f437': 'AT32',
    'apm32f103': 'APM32', 'custom': 'DfuSe',
};

/** @param {string} profile */
export function familyOf(profile) {
    return OTHER_NAMES[profile] ?? profile.toUpperCase();
}
