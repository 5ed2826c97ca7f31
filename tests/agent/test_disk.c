/*
 * Full disks, folders that cannot be written, links planted in generated/: a clear error with the right exit code, and no
 * file that is half of what it should be.
 */
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/agent/shell.h"
#include "tests/test.h"

static void one_field_project(void)
{
    struct run r =
        shell("zagent init --quiet && mkdir -p templates/one && printf 'format: 1\\nname: one\\ntitle: "
              "T\\nsolves: [P1]\\nartifacts:\\n  - {path: note.md, template: note.md.mustache}\\nresources:\\n  "
              "- address: field/Deals.Hand_Over\\n    body: {field_label: Hand Over, data_type: text, length: "
              "60}\\n' > templates/one/playbook.yaml && printf 'a note\\n' >templates/one/note.md.mustache");
    assert_int_equal(r.status, 0);
    run_release(&r);
}

/* No temporary file is left, and each file that is there is the one its manifest names. */
static void nothing_half_written(void)
{
    struct run r = shell("find . -name '*.tmp*' -o -name '.*.tmp*' | grep -v home");
    if (*r.out)
        fail_msg("left behind: %s", r.out);
    run_release(&r);
}

static void must_fail(int status, const char *cmd)
{
    struct run r = shell("%s", cmd);
    if (r.status != status || !strstr(r.err, "fix:"))
        fail_msg("%s: exit %d, wanted %d\n%s%s", cmd, r.status, status, r.out, r.err);
    run_release(&r);
}

static void a_full_standard_output_is_no_success(void **state)
{
    (void)state;
    shell_enter("disk-stdout");
    one_field_project();
    static const char *const cmds[] = {"zagent plan >/dev/full", "zagent plan --json >/dev/full",
                                       "zagent help >/dev/full"};
    for (size_t i = 0; i < sizeof cmds / sizeof *cmds; i++) {
        struct run r = shell("%s", cmds[i]);
        if (r.status != 13)
            fail_msg("%s: exit %d %s", cmds[i], r.status, r.err);
        run_release(&r);
    }
}

static void a_file_too_large_for_its_limit_leaves_the_old_one(void **state)
{
    (void)state;
    shell_enter("disk-limit");
    one_field_project();
    json_decref(shell_json(0, "plan one"));
    shell_sandbox(NULL); /* the org has its own disk */
    AUTO_FREE char *before = shell_file("generated/one/guide.html");
    shell_write("templates/one/note.md.mustache", "another note\n");
    /* Blocks of 512 bytes: the page of the guide is larger than 4 KiB, everything before it is not. */
    must_fail(13, "(ulimit -f 8; zagent plan one)");
    AUTO_FREE char *after = shell_file("generated/one/guide.html");
    assert_string_equal(before, after);
    nothing_half_written();
    json_decref(shell_json(0, "plan one"));
    shell_sandbox_stop();
}

/* Makes generated/ a file system of its own; false (and said) where that is not allowed. */
static bool mount_generated(const char *size)
{
    mkdir("generated", 0755);
    if (geteuid() == 0 && mount("tmpfs", "generated", "tmpfs", 0, size) == 0)
        return true;
    print_message("skipped: mounting needs root\n");
    return false;
}

static void a_full_disk_under_the_output_is_said(void **state)
{
    (void)state;
    shell_enter("disk-full");
    one_field_project();
    if (!mount_generated("size=8k"))
        skip();
    struct run r = shell("zagent plan one");
    struct run files = shell("find generated -type f -name 'guide.html*' -o -name '*.tmp*'");
    bool unmounted = umount("generated") == 0;
    assert_true(unmounted);
    if (r.status != 13 || !strstr(r.err, "fix:") || *files.out)
        fail_msg("exit %d\n%s%s%s", r.status, r.out, r.err, files.out);
    run_release(&r);
    run_release(&files);
    json_decref(shell_json(0, "plan one"));
}

static void an_output_that_cannot_be_written_is_said(void **state)
{
    (void)state;
    shell_enter("disk-readonly");
    one_field_project();
    if (!mount_generated("size=64k"))
        skip();
    bool remounted = mount("tmpfs", "generated", "tmpfs", MS_REMOUNT | MS_RDONLY, NULL) == 0;
    struct run r = shell("zagent plan one");
    assert_int_equal(umount("generated"), 0);
    assert_true(remounted);
    if (r.status != 13 || !strstr(r.err, "generated") || !strstr(r.err, "fix:"))
        fail_msg("exit %d\n%s%s", r.status, r.out, r.err);
    run_release(&r);
}

static void a_link_in_the_output_is_never_followed(void **state)
{
    (void)state;
    shell_enter("disk-links");
    one_field_project();
    shell_write("victim", "precious\n");
    json_decref(shell_json(0, "plan one"));
    /* A file: replaced by name, never written through. */
    struct run r = shell("rm generated/one/note.md && ln -s ../../victim generated/one/note.md");
    run_release(&r);
    shell_write("templates/one/note.md.mustache", "third note\n");
    r = shell("zagent plan one");
    assert_true(r.status == 0 || (r.status == 8 && strstr(r.err, "note.md")));
    run_release(&r);
    AUTO_FREE char *victim = shell_file("victim");
    assert_string_equal(victim, "precious\n");
    /* The folder, and the whole output. */
    r = shell("rm -rf generated/one elsewhere && mkdir elsewhere && ln -s ../elsewhere generated/one");
    run_release(&r);
    must_fail(8, "zagent plan one");
    r = shell("rm -rf generated && ln -s elsewhere generated");
    run_release(&r);
    must_fail(8, "zagent plan one");
    r = shell("ls elsewhere");
    assert_string_equal(r.out, "");
    run_release(&r);
}

/* Nothing of the plan is in the org: it is planned as before. */
static void org_untouched(void)
{
    json_t *r = shell_json(0, "plan one");
    assert_int_equal(js_int(js_obj(js_obj(r, "data"), "summary"), "api", -1), 1);
    json_decref(r);
}

static void a_log_or_guide_that_cannot_be_written_stops_apply_before_the_org_is_changed(void **state)
{
    (void)state;
    shell_enter("disk-preflight");
    one_field_project();
    json_decref(shell_json(0, "plan one"));
    struct run r = shell("mkdir elsewhere && ln -s elsewhere/log BUILD_LOG.md");
    run_release(&r);
    must_fail(8, "zagent apply --yes");
    r = shell("rm BUILD_LOG.md && mkdir BUILD_LOG.md");
    run_release(&r);
    must_fail(13, "zagent apply --yes");
    r = shell("rmdir BUILD_LOG.md && mv generated/one/guide.html elsewhere/ && ln -s ../../elsewhere/guide.html "
              "generated/one/guide.html");
    run_release(&r);
    must_fail(8, "zagent apply --yes");
    r = shell("rm generated/one/guide.html");
    run_release(&r);
    org_untouched();
    json_decref(shell_json(0, "apply --yes"));
}

static void a_plan_whose_files_could_not_be_written_is_not_saved(void **state)
{
    (void)state;
    shell_enter("disk-unsaved");
    one_field_project();
    struct run r = shell("mkdir -p elsewhere generated && ln -s ../elsewhere generated/one");
    run_release(&r);
    must_fail(8, "zagent plan one");
    must_fail(6, "zagent apply --yes");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_full_standard_output_is_no_success),
        cmocka_unit_test(a_file_too_large_for_its_limit_leaves_the_old_one),
        cmocka_unit_test(a_full_disk_under_the_output_is_said),
        cmocka_unit_test(an_output_that_cannot_be_written_is_said),
        cmocka_unit_test(a_link_in_the_output_is_never_followed),
        cmocka_unit_test(a_log_or_guide_that_cannot_be_written_stops_apply_before_the_org_is_changed),
        cmocka_unit_test(a_plan_whose_files_could_not_be_written_is_not_saved),
    };
    return cmocka_run_group_tests_name("agent/disk", tests, NULL, NULL);
}
