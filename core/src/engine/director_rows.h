/*
 * The director's table: RLK_DIRECTOR_ROW(condition in words, stage or ending, error of the ending, masks...).
 * The first row that fits is taken; a mask that is not named means "any". Included by director.c for the masks, by
 * director_text.c for the words, which nobody needs at work. Include with RLK_DIRECTOR_ROW defined; it is undefined
 * here.
 */

RLK_DIRECTOR_ROW("a fault after the seal was written, and nothing speaks against the seal", RLK_ENDING_NOT_PROVEN,
                 RLK_OK, .is_faulty = YES, .job = UPDATE | PROTECT, .seal = SEALED,
                 .protection = PROTECTION_UNKNOWN | LEVEL_1)
RLK_DIRECTOR_ROW("a fault after the option fields were written, and nothing speaks against them", RLK_ENDING_NOT_PROVEN,
                 RLK_OK, .is_faulty = YES, .job = OPTIONS, .seal = SEALED, .content = CONTENT_UNKNOWN)
RLK_DIRECTOR_ROW("any other fault", RLK_ENDING_NOT_DONE, RLK_OK, .is_faulty = YES)
RLK_DIRECTOR_ROW("the application was started, after all was compared", RLK_ENDING_PROVEN, RLK_OK, .has_left = YES)
RLK_DIRECTOR_ROW("the device is not reached", RLK_STAGE_OPEN, RLK_OK, .is_open = NO)
RLK_DIRECTOR_ROW("the chip is not known", RLK_STAGE_IDENTIFY, RLK_OK, .is_known = NO)
RLK_DIRECTOR_ROW("the option block was written, and the device is back", RLK_STAGE_PROVE, RLK_OK,
                 .protection = PROTECTION_UNKNOWN, .seal = SEALED)
RLK_DIRECTOR_ROW("its protection is not known", RLK_STAGE_PROBE, RLK_OK, .protection = PROTECTION_UNKNOWN)
RLK_DIRECTOR_ROW("a look was all that was asked", RLK_ENDING_PROVEN, RLK_OK, .job = LOOK)
RLK_DIRECTOR_ROW("read, write, verify or option fields asked of a protected device", RLK_ENDING_NOT_DONE,
                 RLK_E_PROTECTED, .job = READ | WRITE | VERIFY | OPTIONS, .protection = LEVEL_1)
RLK_DIRECTOR_ROW("read asked, device open", RLK_STAGE_READ, RLK_OK, .job = READ, .is_read = NO)
RLK_DIRECTOR_ROW("the range was delivered", RLK_ENDING_PROVEN, RLK_OK, .job = READ)
RLK_DIRECTOR_ROW("verify asked, and compared equal", RLK_ENDING_PROVEN, RLK_OK, .job = VERIFY, .content = EQUAL)
RLK_DIRECTOR_ROW("verify asked, device open", RLK_STAGE_VERIFY, RLK_OK, .job = VERIFY)
RLK_DIRECTOR_ROW("option fields asked, and the block has them", RLK_ENDING_PROVEN, RLK_OK, .job = OPTIONS,
                 .content = EQUAL)
RLK_DIRECTOR_ROW("option fields written, but not there: some chips load option bytes at power-on only",
                 RLK_STAGE_POWER_CYCLE, RLK_OK, .job = OPTIONS, .seal = SEALED, .is_power_cycled = NO)
RLK_DIRECTOR_ROW("option fields written, and not there even after a power cycle", RLK_ENDING_NOT_DONE,
                 RLK_E_OPTIONS_NOT_EFFECTIVE, .job = OPTIONS, .seal = SEALED)
RLK_DIRECTOR_ROW("protection was all that was asked, and reading is refused by both witnesses", RLK_ENDING_PROVEN,
                 RLK_OK, .job = PROTECT, .protection = LEVEL_1)
RLK_DIRECTOR_ROW("compared equal, sealed, and reading refused by both witnesses", RLK_ENDING_PROVEN, RLK_OK,
                 .protection = LEVEL_1, .seal = SEALED)
RLK_DIRECTOR_ROW("sealed, but readable: some chips load option bytes at power-on only", RLK_STAGE_POWER_CYCLE, RLK_OK,
                 .protection = OPEN, .seal = SEALED, .is_power_cycled = NO)
RLK_DIRECTOR_ROW("sealed, and readable even after a power cycle", RLK_ENDING_NOT_DONE, RLK_E_SEAL_NOT_EFFECTIVE,
                 .protection = OPEN, .seal = SEALED)
RLK_DIRECTOR_ROW("protected, and the journal knows this very job as finished", RLK_STAGE_LOOK_AGAIN, RLK_OK,
                 .protection = LEVEL_1, .past = FINISHED)
RLK_DIRECTOR_ROW("finished before, looked at again, and reading refused by both witnesses", RLK_ENDING_PROVEN, RLK_OK,
                 .protection = LEVEL_1, .past = LOOK_ACCEPTED)
RLK_DIRECTOR_ROW("still protected after 0x92: some chips need a power cycle", RLK_STAGE_POWER_CYCLE, RLK_OK,
                 .protection = LEVEL_1, .consent = SPENT, .is_power_cycled = NO)
RLK_DIRECTOR_ROW("still protected after 0x92 and a power cycle: never erased again without a new question",
                 RLK_ENDING_NOT_DONE, RLK_E_STILL_PROTECTED, .protection = LEVEL_1, .consent = SPENT)
RLK_DIRECTOR_ROW("protected, not asked yet", RLK_STAGE_CONFIRM, RLK_OK, .protection = LEVEL_1, .consent = CONSENT_NONE)
RLK_DIRECTOR_ROW("protected, and the yes was given", RLK_STAGE_UNPROTECT, RLK_OK, .protection = LEVEL_1,
                 .consent = GIVEN)
RLK_DIRECTOR_ROW("unprotect asked, and open after 0x92: is it empty?", RLK_STAGE_BLANK, RLK_OK, .job = UNPROTECT,
                 .consent = SPENT, .content = CONTENT_UNKNOWN)
RLK_DIRECTOR_ROW("unprotect asked, and open; the journal knows this very job as begun: is it empty?", RLK_STAGE_BLANK,
                 RLK_OK, .job = UNPROTECT, .past = BEGUN, .content = CONTENT_UNKNOWN)
RLK_DIRECTOR_ROW("unprotect asked, and its flash was read", RLK_ENDING_PROVEN, RLK_OK, .job = UNPROTECT)
RLK_DIRECTOR_ROW("open, not asked yet", RLK_STAGE_CONFIRM, RLK_OK, .consent = CONSENT_NONE)
RLK_DIRECTOR_ROW("the option block was all that was asked, and the yes was given", RLK_STAGE_OPTIONS, RLK_OK,
                 .job = PROTECT | OPTIONS)
RLK_DIRECTOR_ROW("what the flash holds is not known", RLK_STAGE_BLANK, RLK_OK, .content = CONTENT_UNKNOWN)
RLK_DIRECTOR_ROW("sectors must be erased", RLK_STAGE_ERASE, RLK_OK, .content = NEEDS_ERASE)
RLK_DIRECTOR_ROW("all that is to be written is blank", RLK_STAGE_WRITE, RLK_OK, .content = READY)
RLK_DIRECTOR_ROW("written, not compared", RLK_STAGE_VERIFY, RLK_OK, .content = WRITTEN)
RLK_DIRECTOR_ROW("compared equal, shall end protected", RLK_STAGE_OPTIONS, RLK_OK, .job = UPDATE, .end_protected = YES,
                 .content = EQUAL)
RLK_DIRECTOR_ROW("compared equal, shall end open", RLK_STAGE_LEAVE, RLK_OK, .job = UPDATE, .content = EQUAL)
RLK_DIRECTOR_ROW("written and compared equal", RLK_ENDING_PROVEN, RLK_OK, .job = WRITE, .content = EQUAL)
RLK_DIRECTOR_ROW("nothing else fits (never reached)", RLK_ENDING_NOT_DONE, RLK_E_INTERNAL, .job = 0)

#undef RLK_DIRECTOR_ROW
