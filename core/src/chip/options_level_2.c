/* Where a byte 0xCC could lock a device for ever. */
#include "relock/options.h"

/* Every address at which some family's ROM takes a byte for its RDP, or might: CubeProgrammer's bootloader tables. */
static const uint32_t rdp_slots[] = {
    0x1FFFF800U,                           /* F0, F1, F3; second block of L4 and G4 */
    0x1FFFC000U,                           /* F2 and F4 as a public guide has it, wrongly */
    0x1FFFC001U,                           /* F2, F4 */
    0x1FFEC000U,                           /* F42x, second block */
    0x1FFEC001U, 0x1FFF0000U, 0x1FFF0001U, /* F7 */
    0x1FF80000U, 0x1FF80080U,              /* L0, L1 */
    0x1FFF7800U,                           /* L4, G0, G4, C0 */
    0x1FF00000U, 0x1FF01000U,              /* L4+ */
    0x1FFF8000U,                           /* WB */
    0x5200201CU, 0x5200201DU,              /* H7: current word */
    0x52002020U, 0x52002021U,              /* H7: word to program */
    0x52002200U,                           /* H7R, H7S: product state */
    0x40022020U,                           /* U0 */
    0x40022040U,                           /* L5, U5, U3, WBA */
    0x40022050U, 0x40022051U,              /* H5, C5: current product state */
    0x40022054U, 0x40022055U,              /* H5, C5: product state to program */
};

bool rlk_options_mean_level_2(uint32_t addr, const uint8_t *data, size_t length)
{
    for (size_t i = 0; i < sizeof rdp_slots / sizeof rdp_slots[0]; i++) {
        const uint64_t offset = (uint64_t)rdp_slots[i] - addr;
        if (rdp_slots[i] >= addr && offset < length && data[offset] == RLK_RDP_BYTE_LEVEL_2) {
            return true;
        }
    }
    return false;
}
