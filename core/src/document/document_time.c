#include "document/document_rules.h"
#include "relock/document.h"

enum {
    MONTHS = 12,
    FEBRUARY = 2,
    HOURS = 24,
    SIXTY = 60,
    FIRST_YEAR = 1970,
    DECIMAL = 10,
    YEAR_DIGITS = 4,
    DAYS_OF_YEAR = 365,
    LEAP = 4,
    NO_LEAP = 100,
    LEAP_AGAIN = 400
};

/* Decimal digits that are known to be there. */
static unsigned digits(const char *text, size_t count)
{
    unsigned number = 0;
    for (size_t i = 0; i < count; i++) {
        number = number * DECIMAL + (unsigned)(text[i] - '0');
    }
    return number;
}

static unsigned is_leap(unsigned year)
{
    return (year % LEAP == 0 && year % NO_LEAP != 0) || year % LEAP_AGAIN == 0 ? 1U : 0U;
}

static unsigned days_of(unsigned year, unsigned month)
{
    static const uint8_t days[MONTHS] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return days[month - 1U] + (month == FEBRUARY ? is_leap(year) : 0U);
}

/* Leap days before a year's beginning, counted from year 1 on. */
static uint64_t leap_days(unsigned year)
{
    year--;
    return year / LEAP - year / NO_LEAP + year / LEAP_AGAIN;
}

uint64_t rlk_document_time_s(const char *text)
{
    if (!rlk_pattern_fits(RLK_PATTERN_TIME, text)) {
        return 0;
    }
    unsigned year = digits(text, YEAR_DIGITS);
    unsigned month = digits(&text[sizeof "2026-" - 1U], 2);
    unsigned day = digits(&text[sizeof "2026-11-" - 1U], 2);
    unsigned hour = digits(&text[sizeof "2026-11-22T" - 1U], 2);
    unsigned minute = digits(&text[sizeof "2026-11-22T10:" - 1U], 2);
    unsigned second = digits(&text[sizeof "2026-11-22T10:00:" - 1U], 2);
    if (year < FIRST_YEAR || month < 1 || month > MONTHS || day < 1 || day > days_of(year, month) || hour >= HOURS ||
        minute >= SIXTY || second >= SIXTY) {
        return 0;
    }
    uint64_t days = (uint64_t)(year - FIRST_YEAR) * DAYS_OF_YEAR + leap_days(year) - leap_days(FIRST_YEAR) + day - 1U;
    for (unsigned i = 1; i < month; i++) {
        days += days_of(year, i);
    }
    return ((days * HOURS + hour) * SIXTY + minute) * SIXTY + second;
}
