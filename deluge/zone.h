/*
 * deluge/zone.h — calendar and clock of a script: civil dates, time zones, patterns.
 *
 * Zones       an IANA name ("Europe/Madrid") or a fixed offset ("+01:00", from a test's clock).
 * Patterns    Java's letters as far as scripts use them: y M d E a H h k K m s S D w z Z X and 'quoted text' (measured on public
 *             scripts; zoho.com/deluge/help/datatypes/date-time names the formats).
 * Range       years 1 to 9999; what would leave it is refused.
 */
#ifndef DELUGE_ZONE_H
#define DELUGE_ZONE_H
#include "base/civil.h"
#include "deluge/value.h"

struct dv_zone {
    char name[64]; /* "" when fixed */
    int fixed;     /* seconds east of UTC */
};

/* False for what is neither an offset nor shaped like a zone's name; a name nobody knows counts as UTC (base/clock.h). */
bool zone_set(struct dv_zone *z, const char *name);
int zone_offset(const struct dv_zone *z, int64_t utc);
struct civil zone_civil(const struct dv_zone *z, struct dv v); /* of a DATE, DATE-TIME or TIME */
/* UTC seconds of a wall clock in the zone. */
int64_t zone_utc(const struct dv_zone *z, struct civil c);
/* UTC seconds of a DATE (its midnight in the zone) or DATE-TIME. */
int64_t zone_instant(const struct dv_zone *z, struct dv v);
bool zone_in_range(const struct dv_zone *z, struct dv v);
/* pattern NULL: 21-Nov-2026, 21-Nov-2026 17:25:24, 17:25:24. False for a letter that is not known. */
bool zone_print(struct sb *out, struct dv v, const char *pattern, const struct dv_zone *z);
/* Reads text by the pattern, or (NULL) by the formats of the help page and ISO 8601. The kind says what was read: DATE without
 * time of day, DATE-TIME with one. */
bool zone_read(const char *text, const char *pattern, const struct dv_zone *z, struct dv *out);
#endif
