/*
 * One block per family. Where system memory begins is from AN2606 Rev 70, Table 226; which families have the empty
 * check, from ST's article "Empty check mechanism on STM32". Registers: those of the F4 were compared with ST's device
 * header; compare the others with the reference manual that is named, before you ship. A family that is not here was
 * left out on purpose: look up its row in AN2606, do not guess.
 */
#ifndef BOOTLOADER_FAMILY_H
#define BOOTLOADER_FAMILY_H

#if defined FAMILY_STM32F04X /* F042, F048, F070x6: RM0091, RM0360 */
#define FAMILY_F0              1
#define SYSTEM_MEMORY          0x1FFFC400U
#define HAS_EMPTY_CHECK        true
#define JUMP_NEEDS_BLANK_FLASH true /* AN2606, known limitations of F04x and F070x6 */
#elif defined FAMILY_STM32F07X      /* F072, F078, F070xB: RM0091, RM0360 */
#define FAMILY_F0              1
#define SYSTEM_MEMORY          0x1FFFC800U
#define HAS_EMPTY_CHECK        false
#define JUMP_NEEDS_BLANK_FLASH false
#elif defined FAMILY_STM32F405 /* F405, F407, F415, F417: RM0090 */
#define FAMILY_F4              1
#define SYSTEM_MEMORY          0x1FFF0000U
#define HAS_EMPTY_CHECK        false
#define JUMP_NEEDS_BLANK_FLASH false
#elif defined FAMILY_STM32L4 /* L412, L422, L43x to L46x: RM0394; for L496, L4A6 (RM0351) say -DHAS_OTG=1, too */
#define FAMILY_L4              1
#define SYSTEM_MEMORY          0x1FFF0000U
#define HAS_EMPTY_CHECK        true
#define JUMP_NEEDS_BLANK_FLASH false
#elif defined FAMILY_STM32L47X /* L47x, L48x with the USB OTG core: RM0351 */
#define FAMILY_L4              1
#define HAS_OTG                1
#define SYSTEM_MEMORY          0x1FFF0000U
#define HAS_EMPTY_CHECK        false
#define JUMP_NEEDS_BLANK_FLASH false
#else
#error "say which family it is: -DFAMILY_STM32F405, or another one of this file"
#endif

#if defined FAMILY_F0
#define NVIC_WORDS          1U          /* Cortex-M0 has 32 interrupts at most */
#define SYSCFG_CLOCK_ENABLE 0x40021018U /* RCC_APB2ENR */
#define SYSCFG_CLOCK_BIT    0x00000001U /* SYSCFGEN */
#define SYSCFG_MEMORY_MODE  0x40010000U /* SYSCFG_CFGR1 */
#define USB_PULL_UP         0x40005C58U /* USB_BCDR */
#define RDP_REGISTER        0x4002201CU /* FLASH_OBR */
#define RDP_SHIFT           1U
#define RDP_MASK            0x3U /* RDPRT: 0, 1, and 3 for level 2 */
#define RDP_VALUE_LEVEL_0   0x0U
#define RDP_VALUE_LEVEL_2   0x3U
#elif defined FAMILY_F4
#define HAS_OTG             1
#define NVIC_WORDS          3U /* 96 interrupts: these families have fewer */
#define HAS_VTOR            1
#define HAS_FLASH_CACHES    1
#define FLASH_ACCESS        0x40023C00U /* FLASH_ACR */
#define SYSCFG_CLOCK_ENABLE 0x40023844U /* RCC_APB2ENR */
#define SYSCFG_CLOCK_BIT    0x00004000U /* SYSCFGEN */
#define SYSCFG_MEMORY_MODE  0x40013800U /* SYSCFG_MEMRMP */
#define RDP_REGISTER        0x40023C14U /* FLASH_OPTCR */
#define RDP_SHIFT           8U
#elif defined FAMILY_L4
#define NVIC_WORDS          3U /* 96 interrupts: these families have fewer */
#define HAS_VTOR            1
#define HAS_FLASH_CACHES    1
#define FLASH_ACCESS        0x40022000U /* FLASH_ACR */
#define SYSCFG_CLOCK_ENABLE 0x40021060U /* RCC_APB2ENR */
#define SYSCFG_CLOCK_BIT    0x00000001U /* SYSCFGEN */
#define SYSCFG_MEMORY_MODE  0x40010000U /* SYSCFG_MEMRMP */
#define USB_PULL_UP         0x40006858U /* USB_BCDR; not used with the OTG core */
#define RDP_REGISTER        0x40022020U /* FLASH_OPTR */
#define RDP_SHIFT           0U
#endif

#if !defined RDP_MASK /* the whole RDP byte */
#define RDP_MASK          0xFFU
#define RDP_VALUE_LEVEL_0 0xAAU
#define RDP_VALUE_LEVEL_2 0xCCU
#endif

#define USB_PULL_UP_BIT     0x00008000U /* DPPU */
#define OTG_DEVICE_CONTROL  0x50000804U /* OTG_FS_DCTL */
#define OTG_SOFT_DISCONNECT 0x00000002U /* SDIS */
#define MEMORY_MODE_MASK    0x00000003U
#define MEMORY_MODE_SYSTEM  0x00000001U /* system memory at address 0 */
#define FLASH_CACHES_ON     0x00000700U /* PRFTEN, ICEN, DCEN */
#define FLASH_CACHES_RESET  0x00001800U /* ICRST, DCRST; only while they are off */

/* ARMv6-M and ARMv7-M architecture reference manuals. */
#define SYSTICK_CONTROL    0xE000E010U
#define NVIC_DISABLE       0xE000E180U
#define NVIC_CLEAR_PENDING 0xE000E280U
#define INTERRUPT_CONTROL  0xE000ED04U /* ICSR */
#define PENDING_CLEAR      0x0A000000U /* PENDSVCLR, PENDSTCLR */
#define VECTOR_TABLE       0xE000ED08U /* VTOR */
#define RESET_CONTROL      0xE000ED0CU /* AIRCR */
#define RESET_NOW          0x05FA0004U /* VECTKEY, SYSRESETREQ */

#endif
