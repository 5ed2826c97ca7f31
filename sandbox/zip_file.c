/* sandbox/zip_file.c — reading and writing archives over buffers. */
#include "sandbox/zip_file.h"

#include <zip.h>

static zip_t *opened(const void *data, size_t len)
{
    zip_error_t e;
    zip_error_init(&e);
    zip_source_t *src = zip_source_buffer_create(data, len, 0, &e);
    zip_t *z = src ? zip_open_from_source(src, ZIP_RDONLY, &e) : NULL;
    if (src && !z) {
        zip_source_free(src);
    }
    zip_error_fini(&e);
    return z;
}

json_t *zip_names(const void *data, size_t len)
{
    zip_t *z = opened(data, len);
    if (!z) {
        return NULL;
    }
    json_t *out = json_array();
    for (zip_int64_t i = 0; i < zip_get_num_entries(z, 0); i++) {
        js_push_str(out, zip_get_name(z, (zip_uint64_t)i, 0));
    }
    zip_discard(z);
    return out;
}

char *zip_content(const void *data, size_t len, const char *name, size_t max, size_t *n)
{
    zip_t *z = opened(data, len);
    zip_stat_t st;
    char *out = NULL;
    zip_file_t *f = z && zip_stat(z, name, 0, &st) == 0 && (st.valid & ZIP_STAT_SIZE) && st.size <= max
                        ? zip_fopen(z, name, 0)
                        : NULL;
    if (f) {
        out = mem_alloc((size_t)st.size + 1);
        zip_int64_t got = zip_fread(f, out, st.size);
        *n = got > 0 ? (size_t)got : 0;
        out[*n] = '\0';
        zip_fclose(f);
    }
    if (z) {
        zip_discard(z);
    }
    return out;
}

char *zip_pack(const char *name, const void *data, size_t len, size_t *n)
{
    zip_error_t e;
    zip_error_init(&e);
    zip_source_t *whole = zip_source_buffer_create(NULL, 0, 0, &e);
    zip_t *z = whole ? zip_open_from_source(whole, ZIP_TRUNCATE, &e) : NULL;
    char *out = NULL;
    zip_stat_t st;
    zip_error_fini(&e);
    if (!z) {
        zip_source_free(whole);
        return NULL;
    }
    zip_source_keep(whole);
    zip_source_t *part = zip_source_buffer(z, data, len, 0);
    zip_int64_t at = part ? zip_file_add(z, name, part, ZIP_FL_ENC_UTF_8) : -1;
    /* one date for all: the same data is the same archive */
    if (at < 0 || zip_file_set_mtime(z, (zip_uint64_t)at, 1767225600, 0) != 0 || zip_close(z) != 0) {
        zip_discard(z);
    } else if (zip_source_stat(whole, &st) == 0 && zip_source_open(whole) == 0) {
        out = mem_alloc((size_t)st.size + 1);
        zip_int64_t got = zip_source_read(whole, out, st.size);
        *n = got > 0 ? (size_t)got : 0;
        zip_source_close(whole);
    }
    zip_source_free(whole);
    return out;
}
