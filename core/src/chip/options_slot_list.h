/*
 * The fields of each family's option block: SLOT(families, who may set it, offset, shift, bits, name, its meaning when
 * all bits are 1, and otherwise). Include with SLOT defined; it is undefined here.
 */

#define FAMILY(name) RLK_FAMILY_BIT(RLK_FAMILY_STM32##name)

#define F04X  FAMILY(F04X)
#define F30X  FAMILY(F30X)
#define F0_F3 (RLK_FAMILIES_F0 | RLK_FAMILIES_F3)
/* nWRP is as wide as the family has sectors, or groups of them. */
#define NWRP_8      FAMILY(F401)
#define NWRP_12     (FAMILY(F405) | FAMILY(F412) | FAMILY(F2) | FAMILY(F42X))
#define NWRP_15     FAMILY(F413)
#define WITH_SPRMOD (FAMILY(F412) | FAMILY(F401) | FAMILY(F413) | FAMILY(F42X))
#define F76X        FAMILY(F76X)
#define F72X        FAMILY(F72X)
#define L4          FAMILY(L4)
#define L4_ALL      (RLK_FAMILIES_L4 | FAMILY(L4PLUS))
#define WB          FAMILY(WB55)
/* OPTR of the same shape, and areas at the same places. */
#define L4_G4      (L4_ALL | RLK_FAMILIES_G4)
#define L4_G4_WB   (L4_G4 | WB)
#define WITH_PINS  (L4 | FAMILY(L4PLUS) | RLK_FAMILIES_G4 | WB)
#define WORD_PAIRS (L4_G4_WB | RLK_FAMILIES_G0)
#define G0_U0      (RLK_FAMILIES_G0 | FAMILY(U0))
#define L0_L1      (FAMILY(L07X) | FAMILY(L1))

#define SET   RLK_SLOT_SET
#define AREA  RLK_SLOT_AREA
#define NEVER RLK_SLOT_NEVER

#define NOT_PROTECTED  "no sector write-protected"
#define SOME_PROTECTED "sectors write-protected"
#define BY_SOFTWARE    "watchdog started by software"
#define BY_HARDWARE    "watchdog started by hardware"
#define NO_RESET       "no reset when entered"
#define A_RESET        "reset when entered"
#define RUNS_IN_STOP   "watchdog runs in stop"
#define FROZEN_IN_STOP "watchdog frozen in stop"
#define RUNS_STANDBY   "watchdog runs in standby"
#define FROZEN_STANDBY "watchdog frozen in standby"
#define TO_ROM         "BOOT0 starts the bootloader"
#define TO_RAM         "BOOT0 starts RAM"
#define BY_PIN         "the BOOT0 pin decides"
#define BY_BIT         "the nBOOT0 bit decides"
#define ERASES_PCROP   "a regression erases the PCROP area"
#define KEEPS_PCROP    "a regression keeps the PCROP area"
#define FOR_USER       "user data, the application's own"
#define UNDER_PCROP    "sectors under PCROP"
#define IS_OFF         "off"
#define IS_ON          "on"

/* Positions: CubeProgrammer's bootloader tables, and RM0091, RM0090, RM0351 and RM0394. RDP comes from the row. */
/* F0, F1, F3: USER at 2, data at 4 and 6, write protection from 8 on; each odd byte is a complement. */
SLOT(RLK_FAMILIES_F1, SET, 2, 0, 1, "WDG_SW", BY_SOFTWARE, BY_HARDWARE)
SLOT(RLK_FAMILIES_F1, SET, 2, 1, 1, "nRST_STOP", NO_RESET, A_RESET)
SLOT(RLK_FAMILIES_F1, SET, 2, 2, 1, "nRST_STDBY", NO_RESET, A_RESET)
SLOT(F04X | F30X, SET, 2, 3, 1, "nBOOT0", "main flash if BOOT_SEL is 0", "as BOOT0 held if BOOT_SEL is 0")
SLOT(F0_F3, SET, 2, 4, 1, "nBOOT1", TO_ROM, TO_RAM)
SLOT(F0_F3, SET, 2, 5, 1, "VDDA_MONITOR", "VDDA supervised", "VDDA not supervised")
SLOT(RLK_FAMILIES_F0, SET, 2, 6, 1, "RAM_PARITY", "RAM parity not checked", "RAM parity checked")
SLOT(RLK_FAMILIES_F3, SET, 2, 6, 1, "SRAM_PE", "RAM parity not checked", "RAM parity checked")
SLOT(F04X | F30X, SET, 2, 7, 1, "BOOT_SEL", BY_PIN, BY_BIT)
SLOT(FAMILY(F37X), SET, 2, 7, 1, "SDADC12_VDD_MONITOR", "SDADC supply supervised", "SDADC supply not supervised")
SLOT(RLK_FAMILIES_F1, SET, 4, 0, 8, "DATA0", FOR_USER, FOR_USER)
SLOT(RLK_FAMILIES_F1, SET, 6, 0, 8, "DATA1", FOR_USER, FOR_USER)
SLOT(RLK_FAMILIES_F1, AREA, 8, 0, 8, "WRP0", NOT_PROTECTED, SOME_PROTECTED)
SLOT(RLK_FAMILIES_F1, AREA, 10, 0, 8, "WRP1", NOT_PROTECTED, SOME_PROTECTED)
SLOT(RLK_FAMILIES_F1, AREA, 12, 0, 8, "WRP2", NOT_PROTECTED, SOME_PROTECTED)
SLOT(RLK_FAMILIES_F1, AREA, 14, 0, 8, "WRP3", NOT_PROTECTED, SOME_PROTECTED)

/* F2, F4: USER at 0, RDP at 1, write protection at 8. */
SLOT(RLK_FAMILIES_F4, SET, 0, 2, 2, "BOR_LEV", "brown-out reset off", "brown-out reset on")
SLOT(FAMILY(F42X), SET, 0, 4, 1, "BFB2", "boot from bank 2", "boot from bank 1")
SLOT(RLK_FAMILIES_F4, SET, 0, 5, 1, "WDG_SW", BY_SOFTWARE, BY_HARDWARE)
SLOT(RLK_FAMILIES_F4, SET, 0, 6, 1, "nRST_STOP", NO_RESET, A_RESET)
SLOT(RLK_FAMILIES_F4, SET, 0, 7, 1, "nRST_STDBY", NO_RESET, A_RESET)
SLOT(FAMILY(F42X), NEVER, 3, 6, 1, "DB1M", "two banks (1 MiB parts)", "one bank (1 MiB parts)")
SLOT(NWRP_8, AREA, 8, 0, 8, "nWRP", NOT_PROTECTED, SOME_PROTECTED)
SLOT(NWRP_12, AREA, 8, 0, 12, "nWRP", NOT_PROTECTED, SOME_PROTECTED)
SLOT(NWRP_15, AREA, 8, 0, 15, "nWRP", NOT_PROTECTED, SOME_PROTECTED)
SLOT(WITH_SPRMOD, NEVER, 9, 7, 1, "SPRMOD", "nWRP means PCROP", "nWRP means write protection")

/* F7: as F4, and the boot addresses in units of 16 KiB. */
SLOT(RLK_FAMILIES_F7, SET, 0, 2, 2, "BOR_LEV", "brown-out reset off", "brown-out reset on")
SLOT(RLK_FAMILIES_F7, SET, 0, 4, 1, "WWDG_SW", BY_SOFTWARE, BY_HARDWARE)
SLOT(RLK_FAMILIES_F7, SET, 0, 5, 1, "IWDG_SW", BY_SOFTWARE, BY_HARDWARE)
SLOT(RLK_FAMILIES_F7, SET, 0, 6, 1, "nRST_STOP", NO_RESET, A_RESET)
SLOT(RLK_FAMILIES_F7, SET, 0, 7, 1, "nRST_STDBY", NO_RESET, A_RESET)
SLOT(F72X | FAMILY(F74X), AREA, 8, 0, 8, "nWRP", NOT_PROTECTED, SOME_PROTECTED)
SLOT(F76X, AREA, 8, 0, 12, "nWRP", NOT_PROTECTED, SOME_PROTECTED)
SLOT(F76X, SET, 9, 4, 1, "nDBOOT", "boots from one bank", "boots from either bank")
SLOT(F76X, NEVER, 9, 5, 1, "nDBANK", "one bank", "two banks")
SLOT(RLK_FAMILIES_F7, SET, 9, 6, 1, "IWDG_STDBY", RUNS_STANDBY, FROZEN_STANDBY)
SLOT(RLK_FAMILIES_F7, SET, 9, 7, 1, "IWDG_STOP", RUNS_IN_STOP, FROZEN_IN_STOP)
SLOT(RLK_FAMILIES_F7, SET, 16, 0, 16, "BOOT_ADD0", "lost: leads nowhere", "address without BOOT0, in 16 KiB")
SLOT(RLK_FAMILIES_F7, SET, 24, 0, 16, "BOOT_ADD1", "lost: leads nowhere", "address with BOOT0 held, in 16 KiB")
SLOT(F72X, AREA, 32, 0, 8, "PCROP", UNDER_PCROP, UNDER_PCROP)
SLOT(F72X, AREA, 41, 7, 1, "PCROP_RDP", ERASES_PCROP, KEEPS_PCROP)

/* L4, L4+, G4, WB: OPTR at 0, PCROP1 at 8 and 16, WRP1A at 24, WRP1B at 32; each second word is a complement. */
SLOT(L4_G4, SET, 1, 0, 3, "BOR_LEV", "", "")
SLOT(WB, SET, 1, 1, 3, "BOR_LEV", "", "")
SLOT(L4_G4_WB, SET, 1, 4, 1, "nRST_STOP", NO_RESET, A_RESET)
SLOT(L4_G4_WB, SET, 1, 5, 1, "nRST_STDBY", NO_RESET, A_RESET)
SLOT(L4_G4_WB, SET, 1, 6, 1, "nRST_SHDW", NO_RESET, A_RESET)
SLOT(WORD_PAIRS, SET, 2, 0, 1, "IWDG_SW", BY_SOFTWARE, BY_HARDWARE)
SLOT(WORD_PAIRS, SET, 2, 1, 1, "IWDG_STOP", RUNS_IN_STOP, FROZEN_IN_STOP)
SLOT(WORD_PAIRS, SET, 2, 2, 1, "IWDG_STDBY", RUNS_STANDBY, FROZEN_STANDBY)
SLOT(WORD_PAIRS, SET, 2, 3, 1, "WWDG_SW", BY_SOFTWARE, BY_HARDWARE)
SLOT(L4_G4, SET, 2, 4, 1, "BFB2", "boot from bank 2 (dual-bank parts)", "boot from bank 1")
SLOT(L4_ALL, NEVER, 2, 5, 1, "DUALBANK", "two banks (dual-bank parts)", "one bank")
SLOT(FAMILY(L4PLUS) | FAMILY(G47X), NEVER, 2, 6, 1, "DBANK", "two banks", "one bank")
SLOT(L4_G4_WB, SET, 2, 7, 1, "nBOOT1", TO_ROM, TO_RAM)
SLOT(L4_ALL | WB, SET, 3, 0, 1, "SRAM2_PE", "SRAM2 parity not checked", "SRAM2 parity checked")
SLOT(RLK_FAMILIES_G4, SET, 3, 0, 1, "SRAM_PE", "RAM parity not checked", "RAM parity checked")
SLOT(L4_ALL | WB, SET, 3, 1, 1, "SRAM2_RST", "SRAM2 kept at reset", "SRAM2 erased at reset")
SLOT(RLK_FAMILIES_G4, SET, 3, 1, 1, "CCMSRAM_RST", "CCM kept at reset", "CCM erased at reset")
SLOT(WITH_PINS, SET, 3, 2, 1, "nSWBOOT0", BY_PIN, BY_BIT)
SLOT(WITH_PINS, SET, 3, 3, 1, "nBOOT0", "main flash if nSWBOOT0 is 0", "as BOOT0 held if nSWBOOT0 is 0")
SLOT(RLK_FAMILIES_G4, SET, 3, 4, 2, "NRST_MODE", "", "")
SLOT(RLK_FAMILIES_G4, SET, 3, 6, 1, "IRHEN", "", "")
SLOT(L4_G4, AREA, 8, 0, 16, "PCROP1_STRT", "", "")
SLOT(L4_G4, AREA, 16, 0, 16, "PCROP1_END", "", "")
SLOT(RLK_FAMILIES_G0 | WB, AREA, 8, 0, 16, "PCROP1A_STRT", "", "")
SLOT(RLK_FAMILIES_G0 | WB, AREA, 16, 0, 16, "PCROP1A_END", "", "")
SLOT(WORD_PAIRS, AREA, 19, 7, 1, "PCROP_RDP", ERASES_PCROP, KEEPS_PCROP)
SLOT(WORD_PAIRS, AREA, 24, 0, 8, "WRP1A_STRT", "", "")
SLOT(WORD_PAIRS, AREA, 26, 0, 8, "WRP1A_END", "", "")
SLOT(WORD_PAIRS, AREA, 32, 0, 8, "WRP1B_STRT", "", "")
SLOT(WORD_PAIRS, AREA, 34, 0, 8, "WRP1B_END", "", "")
SLOT(RLK_FAMILIES_G0 | WB, AREA, 40, 0, 16, "PCROP1B_STRT", "", "")
SLOT(RLK_FAMILIES_G0 | WB, AREA, 48, 0, 16, "PCROP1B_END", "", "")
SLOT(FAMILY(G47X) | FAMILY(G49X), NEVER, 42, 0, 1, "BOOT_LOCK", "the bootloader is locked out", IS_OFF)

/* G0, C0: as L4, with other boot bits, and at 112 the lock. */
SLOT(G0_U0, SET, 1, 0, 1, "BOR_EN", IS_ON, IS_OFF)
SLOT(FAMILY(C071), SET, 1, 1, 2, "BORR_LEV", "", "")
SLOT(FAMILY(C071), SET, 1, 3, 2, "BORF_LEV", "", "")
SLOT(FAMILY(G0B1), SET, 1, 1, 2, "BORF_LEV", "", "")
SLOT(FAMILY(G0B1), SET, 1, 3, 2, "BORR_LEV", "", "")
SLOT(FAMILY(U0), SET, 1, 1, 2, "BOR_LEV", "", "")
SLOT(G0_U0, SET, 1, 5, 1, "nRST_STOP", NO_RESET, A_RESET)
SLOT(G0_U0, SET, 1, 6, 1, "nRST_STDBY", NO_RESET, A_RESET)
SLOT(G0_U0, SET, 1, 7, 1, "nRST_SHDW", NO_RESET, A_RESET)
SLOT(FAMILY(G0B1), NEVER, 2, 4, 1, "nSWAP_BANK", "banks in their order", "banks swapped")
SLOT(FAMILY(G0B1), NEVER, 2, 5, 1, "DUAL_BANK", "two banks", "one bank")
SLOT(RLK_FAMILIES_G0, SET, 2, 6, 1, "RAM_PARITY_CHECK", "RAM parity not checked", "RAM parity checked")
SLOT(G0_U0, SET, 3, 0, 1, "nBOOT_SEL", BY_BIT, BY_PIN)
SLOT(G0_U0, SET, 3, 1, 1, "nBOOT1", TO_ROM, TO_RAM)
SLOT(G0_U0, SET, 3, 2, 1, "nBOOT0", "main flash if nBOOT_SEL is 1", "as BOOT0 held if nBOOT_SEL is 1")
SLOT(G0_U0, SET, 3, 3, 2, "NRST_MODE", "", "")
SLOT(G0_U0, SET, 3, 5, 1, "IRHEN", "", "")
SLOT(FAMILY(G0B1), AREA, 56, 0, 16, "PCROP2A_STRT", "", "")
SLOT(FAMILY(G0B1), AREA, 64, 0, 16, "PCROP2A_END", "", "")
SLOT(FAMILY(G0B1), AREA, 72, 0, 8, "WRP2A_STRT", "", "")
SLOT(FAMILY(G0B1), AREA, 74, 0, 8, "WRP2A_END", "", "")
SLOT(FAMILY(G0B1), AREA, 80, 0, 8, "WRP2B_STRT", "", "")
SLOT(FAMILY(G0B1), AREA, 82, 0, 8, "WRP2B_END", "", "")
SLOT(FAMILY(G0B1), AREA, 88, 0, 16, "PCROP2B_STRT", "", "")
SLOT(FAMILY(G0B1), AREA, 96, 0, 16, "PCROP2B_END", "", "")
SLOT(RLK_FAMILIES_G0, NEVER, 114, 0, 1, "BOOT_LOCK", "the bootloader is locked out", IS_OFF)

/* U0: registers. */
SLOT(FAMILY(U0), SET, 2, 0, 1, "IWDG_SW", BY_SOFTWARE, BY_HARDWARE)
SLOT(FAMILY(U0), SET, 2, 1, 1, "IWDG_STOP", RUNS_IN_STOP, FROZEN_IN_STOP)
SLOT(FAMILY(U0), SET, 2, 2, 1, "IWDG_STDBY", RUNS_STANDBY, FROZEN_STANDBY)
SLOT(FAMILY(U0), SET, 2, 3, 1, "WWDG_SW", BY_SOFTWARE, BY_HARDWARE)
SLOT(FAMILY(U0), AREA, 12, 0, 8, "WRP1A_STRT", "", "")
SLOT(FAMILY(U0), AREA, 14, 0, 8, "WRP1A_END", "", "")
SLOT(FAMILY(U0), AREA, 16, 0, 8, "WRP1B_STRT", "", "")
SLOT(FAMILY(U0), AREA, 18, 0, 8, "WRP1B_END", "", "")
SLOT(FAMILY(U0), NEVER, 98, 0, 1, "BOOT_LOCK", "the bootloader is locked out", IS_OFF)

/* L5, U5, U3, WBA: registers. */
SLOT(RLK_FAMILIES_U5, SET, 1, 0, 3, "BOR_LEV", "", "")
SLOT(RLK_FAMILIES_U5, SET, 1, 4, 1, "nRST_STOP", NO_RESET, A_RESET)
SLOT(RLK_FAMILIES_U5, SET, 1, 5, 1, "nRST_STDBY", NO_RESET, A_RESET)
SLOT(RLK_FAMILIES_U5, SET, 1, 6, 1, "nRST_SHDW", NO_RESET, A_RESET)
SLOT(RLK_FAMILIES_U5, SET, 2, 0, 1, "IWDG_SW", BY_SOFTWARE, BY_HARDWARE)
SLOT(RLK_FAMILIES_U5, SET, 2, 1, 1, "IWDG_STOP", RUNS_IN_STOP, FROZEN_IN_STOP)
SLOT(RLK_FAMILIES_U5, SET, 2, 2, 1, "IWDG_STDBY", RUNS_STANDBY, FROZEN_STANDBY)
SLOT(RLK_FAMILIES_U5, SET, 2, 3, 1, "WWDG_SW", BY_SOFTWARE, BY_HARDWARE)
SLOT(RLK_FAMILIES_U5, NEVER, 2, 4, 1, "SWAP_BANK", "banks swapped", "banks in their order")
SLOT(RLK_FAMILIES_U5, NEVER, 2, 5, 2, "DUALBANK", "", "")
SLOT(RLK_FAMILIES_U5, NEVER, 3, 2, 1, "nSWBOOT0", BY_PIN, BY_BIT)
SLOT(RLK_FAMILIES_U5, NEVER, 3, 3, 1, "nBOOT0", "main flash if nSWBOOT0 is 0", "as BOOT0 held if nSWBOOT0 is 0")
SLOT(RLK_FAMILIES_U5, NEVER, 3, 7, 1, "TZEN", "TrustZone on", "TrustZone off")
SLOT(RLK_FAMILIES_U5, NEVER, 4, 0, 32, "NSBOOTADD0R", "", "")
SLOT(RLK_FAMILIES_U5, NEVER, 8, 0, 32, "NSBOOTADD1R", "", "")
SLOT(RLK_FAMILIES_U5, NEVER, 12, 0, 1, "BOOT_LOCK", "the boot address is locked", IS_OFF)
SLOT(RLK_FAMILIES_U5, AREA, 24, 0, 8, "WRP1A_STRT", "", "")
SLOT(RLK_FAMILIES_U5, AREA, 26, 0, 8, "WRP1A_END", "", "")
SLOT(RLK_FAMILIES_U5, AREA, 28, 0, 8, "WRP1B_STRT", "", "")
SLOT(RLK_FAMILIES_U5, AREA, 30, 0, 8, "WRP1B_END", "", "")
SLOT(RLK_FAMILIES_U5, AREA, 40, 0, 8, "WRP2A_STRT", "", "")
SLOT(RLK_FAMILIES_U5, AREA, 42, 0, 8, "WRP2A_END", "", "")
SLOT(RLK_FAMILIES_U5, AREA, 44, 0, 8, "WRP2B_STRT", "", "")
SLOT(RLK_FAMILIES_U5, AREA, 46, 0, 8, "WRP2B_END", "", "")

/* H7: the words in force; the words to program follow them (rlk_options_build). */
SLOT(RLK_FAMILIES_H7, SET, 0, 2, 2, "BOR_LEV", "", "")
SLOT(RLK_FAMILIES_H7, SET, 0, 4, 1, "IWDG1_SW", BY_SOFTWARE, BY_HARDWARE)
SLOT(RLK_FAMILIES_H7, NEVER, 2, 5, 1, "SECURITY", "secure areas on", IS_OFF)
SLOT(RLK_FAMILIES_H7, NEVER, 3, 7, 1, "SWAP_BANK", "banks swapped", "banks in their order")
SLOT(RLK_FAMILIES_H7, AREA, 12, 0, 12, "PROT_AREA_START1", "", "")
SLOT(RLK_FAMILIES_H7, AREA, 14, 0, 12, "PROT_AREA_END1", "", "")
SLOT(RLK_FAMILIES_H7, AREA, 20, 0, 12, "SEC_AREA_START1", "", "")
SLOT(RLK_FAMILIES_H7, AREA, 22, 0, 12, "SEC_AREA_END1", "", "")
SLOT(FAMILY(H74X) | FAMILY(H72X), AREA, 28, 0, 8, "WRPSn1", NOT_PROTECTED, SOME_PROTECTED)
SLOT(FAMILY(H7A3), AREA, 28, 0, 32, "WRPSGn1", NOT_PROTECTED, SOME_PROTECTED)
SLOT(FAMILY(H7A3), AREA, 268, 0, 12, "PROT_AREA_START2", "", "")
SLOT(FAMILY(H7A3), AREA, 270, 0, 12, "PROT_AREA_END2", "", "")
SLOT(FAMILY(H7A3), AREA, 276, 0, 12, "SEC_AREA_START2", "", "")
SLOT(FAMILY(H7A3), AREA, 278, 0, 12, "SEC_AREA_END2", "", "")
SLOT(FAMILY(H7A3), AREA, 284, 0, 32, "WRPSGn2", NOT_PROTECTED, SOME_PROTECTED)
SLOT(RLK_FAMILIES_H7, NEVER, 36, 0, 16, "BOOT_ADD0", "", "")
SLOT(RLK_FAMILIES_H7, NEVER, 38, 0, 16, "BOOT_ADD1", "", "")

/* L0, L1: 16 bits and their complement. */
SLOT(FAMILY(L07X), NEVER, 1, 0, 1, "WPRMOD", "WRP means PCROP", "WRP means write protection")
SLOT(FAMILY(L1), NEVER, 1, 0, 1, "SPRMOD", "WRP means PCROP", "WRP means write protection")
SLOT(L0_L1, SET, 4, 0, 4, "BOR_LEV", "", "")
SLOT(L0_L1, SET, 4, 4, 1, "IWDG_SW", BY_SOFTWARE, BY_HARDWARE)
SLOT(L0_L1, SET, 4, 5, 1, "nRST_STOP", NO_RESET, A_RESET)
SLOT(L0_L1, SET, 4, 6, 1, "nRST_STDBY", NO_RESET, A_RESET)
SLOT(FAMILY(L07X), SET, 4, 7, 1, "BFB2", "boot from bank 2", "boot from bank 1")
SLOT(FAMILY(L1), SET, 4, 7, 1, "nBFB2", "boot from bank 1", "boot from bank 2")
SLOT(FAMILY(L07X), SET, 5, 7, 1, "nBOOT1", TO_ROM, TO_RAM)
SLOT(L0_L1, AREA, 8, 0, 16, "WRP1", SOME_PROTECTED, "")
SLOT(L0_L1, AREA, 12, 0, 16, "WRP2", SOME_PROTECTED, "")
SLOT(L0_L1, AREA, 16, 0, 16, "WRP3", SOME_PROTECTED, "")
SLOT(FAMILY(L1), AREA, 20, 0, 16, "WRP4", SOME_PROTECTED, "")
SLOT(FAMILY(L1), AREA, 24, 0, 16, "WRP5", SOME_PROTECTED, "")
SLOT(FAMILY(L1), AREA, 28, 0, 16, "WRP6", SOME_PROTECTED, "")

#undef SLOT
