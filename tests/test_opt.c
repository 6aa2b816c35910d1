/* test_opt.c -- one table: words, help, man page, completions. The programs
 * that know better (man, mandoc, bash, zsh, fish) are asked where there are
 * any. */
#include "base/opt.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/file.h"
#include "tests/check_main.h"

struct args {
	bool force, quiet;
	const char *output, *dir;
	struct opt_list set;
	uint64_t jobs;
};

static const struct opt run_opts[] = {
	{ "force", 'f', OPT_FLAG, offsetof(struct args, force), NULL,
	  "don't ask: [just] do it\\now, it's 5-fold" },
	{ "quiet", 0, OPT_FLAG, offsetof(struct args, quiet), NULL,
	  ".say 'nothing'" },
	{ "output", 'o', OPT_TEXT, offsetof(struct args, output), "FILE",
	  "write to FILE" },
	{ "a-name-that-needs-a-line-of-its-own", 'd', OPT_TEXT,
	  offsetof(struct args, dir), "DIR", "work in DIR" },
	{ "set", 's', OPT_LIST, offsetof(struct args, set), "KEY=VALUE",
	  "change a setting" },
	{ "jobs", 'j', OPT_COUNT, offsetof(struct args, jobs), "N:M",
	  "how many at once" },
	{ NULL, 0, OPT_FLAG, 0, NULL, NULL },
};
static const struct opt no_opts[] = { { NULL, 0, OPT_FLAG, 0, NULL, NULL } };

static const struct cmd run = {
	"run",
	"FILE…",
	"do 'everything' at once: \\ and [all]",
	"The first paragraph\nof two lines.\n\n.The second begins with a dot, and "
	"here's a\n'quote - and a \\ backslash.",
	"vigie run a.jsonl\n    what it does\n'quoted'\n.dotted\n",
	run_opts,
	NULL,
};
static const struct cmd check = {
	"check", "", "look at a configuration", "One paragraph.",
	NULL,	 no_opts, NULL,
};
static const struct cmd *const cmds[] = { &run, &check, NULL };

static struct args args;
static struct opt_list rest;
static char said[8192], printed[8192];

static const char *contents(FILE *f, char *out, size_t size)
{
	size_t n;

	rewind(f);
	n = fread(out, 1, size - 1, f);
	out[n] = '\0';
	fclose(f);
	return out;
}

/* What is said between the two is in printed and said. */
static FILE *out, *err;
static int saved_out, saved_err;

static void listen_now(void)
{
	out = tmpfile();
	err = tmpfile();
	fflush(stdout);
	saved_out = dup(STDOUT_FILENO);
	saved_err = dup(STDERR_FILENO);
	dup2(fileno(out), STDOUT_FILENO);
	dup2(fileno(err), STDERR_FILENO);
}

static void heard(void)
{
	fflush(stdout);
	fflush(stderr);
	dup2(saved_out, STDOUT_FILENO);
	dup2(saved_err, STDERR_FILENO);
	contents(out, printed, sizeof(printed));
	contents(err, said, sizeof(said));
}

/* opt_parse() of the words up to NULL, listening to what it says. */
static int parse(const char *const *words)
{
	int argc = 1, r;
	char *argv[3002] = { (char *)(uintptr_t)"run" };

	for (; *words; words++)
		argv[argc++] = (char *)(uintptr_t)*words;
	memset(&args, 0, sizeof(args));
	memset(&rest, 0, sizeof(rest));
	listen_now();
	r = opt_parse(&run, argc, argv, &args, &rest);
	heard();
	return r;
}

#define PARSE(...) parse((const char *const[]){ __VA_ARGS__, NULL })

static void misuse(int r, const char *want)
{
	ck_assert_int_eq(r, EX_USAGE);
	ck_assert_str_eq(said, want);
	ck_assert_str_eq(printed, "");
}

START_TEST(parse_every_kind_in_every_form)
{
	ck_assert_int_eq(PARSE("-f", "--quiet", "-o", "a", "--set", "x=1",
			       "--set=y=2", "-sz=3", "-j", "18446744073709551615",
			       "one", "two"),
			 OPT_GO);
	ck_assert(args.force && args.quiet);
	ck_assert_str_eq(args.output, "a");
	ck_assert_uint_eq(args.set.n, 3);
	ck_assert_str_eq(args.set.v[0], "x=1");
	ck_assert_str_eq(args.set.v[1], "y=2");
	ck_assert_str_eq(args.set.v[2], "z=3");
	ck_assert_uint_eq(args.jobs, UINT64_MAX);
	ck_assert_uint_eq(rest.n, 2);
	ck_assert_str_eq(rest.v[1], "two");
	ck_assert_str_eq(said, "");
	ck_assert_int_eq(PARSE("-ofile", "--jobs=0"), OPT_GO);
	ck_assert_str_eq(args.output, "file");
	ck_assert_int_eq(PARSE("--output="), OPT_GO);
	ck_assert_str_eq(args.output, "");
	ck_assert_int_eq(PARSE("--output", "a", "--output=b"), OPT_GO);
	ck_assert_str_eq(args.output, "b");
	ck_assert_int_eq(PARSE("--output", "--force"), OPT_GO);
	ck_assert_str_eq(args.output, "--force");
	ck_assert(!args.force);
}
END_TEST

START_TEST(parse_nothing_goes)
{
	static const char *const none[] = { NULL };

	ck_assert_int_eq(parse(none), OPT_GO);
	ck_assert_uint_eq(rest.n, 0);
}
END_TEST

START_TEST(parse_dash_is_an_argument_and_two_end_the_options)
{
	ck_assert_int_eq(PARSE("-", "-f", "--", "--quiet", "-x", "--", "-"),
			 OPT_GO);
	ck_assert(args.force && !args.quiet);
	ck_assert_uint_eq(rest.n, 5);
	ck_assert_str_eq(rest.v[0], "-");
	ck_assert_str_eq(rest.v[1], "--quiet");
	ck_assert_str_eq(rest.v[2], "-x");
	ck_assert_str_eq(rest.v[3], "--");
	ck_assert_str_eq(rest.v[4], "-");
	ck_assert_int_eq(PARSE("--output", "--"), OPT_GO);
	ck_assert_str_eq(args.output, "--");
	ck_assert_int_eq(PARSE("", "-f"), OPT_GO);
	ck_assert_uint_eq(rest.n, 1);
}
END_TEST

START_TEST(parse_minus_and_digit_is_an_argument)
{
	ck_assert_int_eq(PARSE("-0312", "-f"), OPT_GO);
	ck_assert(args.force);
	ck_assert_uint_eq(rest.n, 1);
	ck_assert_str_eq(rest.v[0], "-0312");
}
END_TEST

START_TEST(parse_unknown_option_names_the_nearest)
{
	misuse(PARSE("--ouput=x"),
	       "vigie run: unknown option '--ouput': did you mean '--output'? "
	       "(see 'vigie run --help')\n");
	misuse(PARSE("--hlep"),
	       "vigie run: unknown option '--hlep': did you mean '--help'? "
	       "(see 'vigie run --help')\n");
	misuse(PARSE("--zzzzzz"), "vigie run: unknown option '--zzzzzz' "
				  "(see 'vigie run --help')\n");
	misuse(PARSE("--=x"),
	       "vigie run: unknown option '--' (see 'vigie run --help')\n");
	misuse(PARSE("-x"),
	       "vigie run: unknown option '-x' (see 'vigie run --help')\n");
	misuse(PARSE("-é"),
	       "vigie run: unknown option '-é' (see 'vigie run --help')\n");
	/* no abbreviations: a script would break when an option is added */
	misuse(PARSE("--qui"),
	       "vigie run: unknown option '--qui' (see 'vigie run --help')\n");
}
END_TEST

START_TEST(parse_value_that_is_missing_or_too_much_is_told)
{
	misuse(PARSE("--output"), "vigie run: --output wants a value: FILE "
				  "(see 'vigie run --help')\n");
	misuse(PARSE("-j"), "vigie run: --jobs wants a value: N:M "
			    "(see 'vigie run --help')\n");
	misuse(PARSE("--force=yes"), "vigie run: --force takes no value "
				     "(see 'vigie run --help')\n");
	misuse(PARSE("--quiet="), "vigie run: --quiet takes no value "
				  "(see 'vigie run --help')\n");
	misuse(PARSE("-fx"), "vigie run: --force takes no value "
			     "(see 'vigie run --help')\n");
}
END_TEST

START_TEST(parse_count_that_is_none_is_told)
{
	static const char *const wrong[] = { "",   "x",	 "1x",	 "-1", "+1",
					     " 1", "1 ", "0x1f", "1.5",
					     "18446744073709551616" };
	char want[128];

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		snprintf(want, sizeof(want),
			 "vigie run: --jobs wants a number, not '%s' "
			 "(see 'vigie run --help')\n",
			 wrong[i]);
		misuse(PARSE("--jobs", wrong[i]), want);
		ck_assert_uint_eq(args.jobs, 0);
	}
}
END_TEST

START_TEST(parse_any_number_of_words_fits)
{
	const char *words[3001] = { NULL };

	for (size_t n = 0; n <= 3000; n += 1000) {
		for (size_t i = 0; i < n; i++)
			words[i] = i % 2 ? "-sx=1" : "word";
		words[n] = NULL;
		ck_assert_int_eq(parse(words), OPT_GO);
		ck_assert_uint_eq(args.set.n, n / 2);
		ck_assert_uint_eq(rest.n, n / 2);
		if (n)
			ck_assert_str_eq(rest.v[n / 2 - 1], "word");
	}
}
END_TEST

START_TEST(parse_help_prints_and_ends_well)
{
	ck_assert_int_eq(PARSE("-f", "--help", "--nonsense"), EX_OK);
	ck_assert_ptr_eq(strstr(printed, "Usage: vigie run [OPTION]… FILE…\n"),
			 printed);
	ck_assert_str_eq(said, "");
	ck_assert_int_eq(PARSE("-h"), EX_OK);
	ck_assert_int_eq(PARSE("--", "-h"), OPT_GO);
}
END_TEST

static char *written(void (*write)(FILE *))
{
	/* static: gcc 12 sees a dangling pointer in what is none */
	static char *text;
	static size_t n;
	FILE *f = open_memstream(&text, &n);

	write(f);
	fclose(f);
	return text;
}

static void help(FILE *f)
{
	opt_help(&run, f);
}

static void help_check(FILE *f)
{
	opt_help(&check, f);
}

static const struct row {
	const char *name;
	int number;
} rows[] = { { "list", 1 }, { "show", 2 }, { "drop", 3 } };

static const struct row *action(const char *word)
{
	const struct row *r;

	listen_now();
	r = opt_action(&run, rows, 3, sizeof(*rows), word);
	heard();
	return r;
}

START_TEST(action_is_found_by_its_name_or_told)
{
	ck_assert_int_eq(action("list")->number, 1);
	ck_assert_int_eq(action("drop")->number, 3);
	ck_assert_str_eq(said, "");
	ck_assert_ptr_null(action("lsit"));
	misuse(EX_USAGE, "vigie run: 'lsit' is not list, show or drop: did you "
			 "mean 'list'? (see 'vigie run --help')\n");
	ck_assert_ptr_null(action("parquet"));
	misuse(EX_USAGE, "vigie run: 'parquet' is not list, show or drop (see "
			 "'vigie run --help')\n");
	ck_assert_ptr_null(action(NULL));
	misuse(EX_USAGE, "vigie run: say what to do: list, show or drop (see "
			 "'vigie run --help')\n");
}
END_TEST

START_TEST(help_lists_every_option)
{
	char *text = written(help), *line;

	for (const struct opt *o = run_opts; o->name; o++) {
		char name[80];

		snprintf(name, sizeof(name), "--%s%s%s", o->name,
			 o->arg ? " " : "", o->arg ? o->arg : "");
		line = strstr(text, name);
		ck_assert_msg(line != NULL, "%s", name);
		ck_assert_ptr_nonnull(strstr(line, o->help));
	}
	ck_assert_ptr_nonnull(strstr(text, "  -o, --output FILE           write "
					   "to FILE\n"));
	ck_assert_ptr_nonnull(strstr(text, "      --quiet                 .say"));
	ck_assert_ptr_nonnull(strstr(text, "-h, --help"));
	ck_assert_ptr_nonnull(strstr(text, run.summary));
	ck_assert_ptr_nonnull(strstr(text, run.examples));
	ck_assert_ptr_nonnull(strstr(text, "man vigie-run"));
	free(text);
	text = written(help_check);
	ck_assert_ptr_eq(strstr(text, "Usage: vigie check [OPTION]…\n"), text);
	ck_assert_ptr_null(strstr(text, "Examples"));
	free(text);
}
END_TEST

#define E5 "\u00e9 \u00e9 \u00e9 \u00e9 \u00e9"
#define E25 E5 " " E5 " " E5 " " E5 " " E5

static void help_long(FILE *f)
{
	static const struct opt long_opts[] = {
		{ "full", 0, OPT_FLAG, 0, NULL, E25 },
		{ "over", 0, OPT_FLAG, 0, NULL, E25 " x" },
		{ .name = NULL },
	};
	static const struct cmd c = { "run", "", "run", "", NULL, long_opts,
				      NULL };

	opt_help(&c, f);
}

/* 30 columns and 49, whatever the bytes. */
START_TEST(help_folds_lines_before_column_80)
{
	char *text = written(help_long);

	ck_assert_ptr_nonnull(strstr(
		text, "      --full                  " E25 "\n      --over"));
	ck_assert_ptr_nonnull(strstr(
		text, "      --over                  " E25 "\n"
		      "                              x\n"));
	free(text);
}
END_TEST

static void man(FILE *f)
{
	opt_man(&run, "1.0-rc1", f);
}

static void man_check(FILE *f)
{
	opt_man(&check, "1.0", f);
}

static void bash(FILE *f)
{
	ck_assert_int_eq(opt_completion(cmds, "bash", f), 0);
}

static void zsh(FILE *f)
{
	ck_assert_int_eq(opt_completion(cmds, "zsh", f), 0);
}

static void fish(FILE *f)
{
	ck_assert_int_eq(opt_completion(cmds, "fish", f), 0);
}

static char folder[] = "/tmp/vigie-test-XXXXXX";

/* Write text into a file of a new folder and run command there, in which the
 * file is called f. Returns its exit code; its words are in printed. */
static int ask(void (*write)(FILE *), const char *command)
{
	char path[64], line[2048], *text = written(write);
	FILE *p;
	size_t n;
	int status;

	strcpy(folder + strlen(folder) - 6, "XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/f", folder);
	ck_assert_int_eq(file_write(path, str_of(text), NULL), 0);
	snprintf(line, sizeof(line), "cd %s && { %s\n} 2>&1", folder, command);
	p = popen(line, "r");
	ck_assert_ptr_nonnull(p);
	n = fread(printed, 1, sizeof(printed) - 1, p);
	printed[n] = '\0';
	status = pclose(p);
	free(text);
	snprintf(line, sizeof(line), "rm -r %s", folder);
	ck_assert_int_eq(system(line), 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static bool has(const char *program)
{
	char line[128];

	snprintf(line, sizeof(line), "command -v %s >/dev/null", program);
	return system(line) == 0;
}

START_TEST(man_page_has_no_warnings)
{
	static void (*const pages[])(FILE *) = { man, man_check };

	for (size_t i = 0; i < 2; i++) {
		if (has("man")) {
			ck_assert_int_eq(ask(pages[i],
					     "LC_ALL=C.UTF-8 MANROFFSEQ= man "
					     "--warnings -E UTF-8 -l -Tutf8 -Z "
					     "./f >/dev/null"),
					 0);
			ck_assert_str_eq(printed, "");
		}
		if (has("mandoc")) {
			/* the date is left out on purpose */
			ask(pages[i], "mandoc -T lint -W warning ./f | "
				      "grep -v 'missing date'");
			ck_assert_str_eq(printed, "");
		}
	}
}
END_TEST

START_TEST(man_page_shows_the_texts_as_they_are)
{
	if (!has("man"))
		return;
	ck_assert_int_eq(ask(man, "LC_ALL=C.UTF-8 MANWIDTH=200 man -E UTF-8 -l "
				  "-P cat ./f | sed 's/.\\x08//g'"),
			 0);
	ck_assert_ptr_nonnull(strstr(printed, "don't ask: [just] do it\\now, "
					      "it's 5-fold."));
	ck_assert_ptr_nonnull(strstr(printed, ".say 'nothing'."));
	ck_assert_ptr_nonnull(strstr(printed, ".The second begins with a dot"));
	ck_assert_ptr_nonnull(strstr(printed, "here's a 'quote - and a \\ "
					      "backslash."));
	ck_assert_ptr_nonnull(strstr(printed, "\n       'quoted'\n"));
	ck_assert_ptr_nonnull(strstr(printed, "\n       .dotted\n"));
	ck_assert_ptr_nonnull(strstr(printed, "-o, --output FILE"));
	ck_assert_ptr_nonnull(strstr(printed, "KEY=VALUE"));
	ck_assert_ptr_nonnull(strstr(printed, "vigie 1.0-rc1"));
	ck_assert_ptr_nonnull(strstr(printed, "VIGIE-RUN(1)"));
	ck_assert_ptr_nonnull(strstr(printed, "of two lines.\n"));
}
END_TEST

#define BASH_COMPLETE(cword, ...)                                         \
	"bash --norc -c '. ./f; touch \"a file\" other; COMP_WORDS=(vigie " \
	__VA_ARGS__ "); COMP_CWORD=" #cword                               \
	"; _vigie; printf \"<%s>\" \"${COMPREPLY[@]}\"'"

START_TEST(completion_for_bash_offers_commands_options_and_files)
{
	ck_assert_int_eq(ask(bash, "bash -n ./f"), 0);
	ck_assert_str_eq(printed, "");
	ck_assert_int_eq(ask(bash, "bash --norc -c '. ./f; complete -p vigie'"),
			 0);
	ck_assert_ptr_nonnull(strstr(printed, "-F _vigie vigie"));
	ck_assert_int_eq(ask(bash, BASH_COMPLETE(1, "\"\"")), 0);
	ck_assert_str_eq(printed, "<--help><--version><run><check>");
	ck_assert_int_eq(ask(bash, BASH_COMPLETE(1, "ru")), 0);
	ck_assert_str_eq(printed, "<run>");
	ck_assert_int_eq(ask(bash, BASH_COMPLETE(1, "--v")), 0);
	ck_assert_str_eq(printed, "<--version>");
	ck_assert_int_eq(ask(bash, BASH_COMPLETE(2, "run --")), 0);
	ck_assert_str_eq(printed,
			 "<--help><--force><--quiet><--output>"
			 "<--a-name-that-needs-a-line-of-its-own><--set><--jobs>");
	ck_assert_int_eq(ask(bash, BASH_COMPLETE(3, "run -f --o")), 0);
	ck_assert_str_eq(printed, "<--output>");
	ck_assert_int_eq(ask(bash, BASH_COMPLETE(2, "check -")), 0);
	ck_assert_str_eq(printed, "<--help>");
	/* names with spaces are one word; a word that begins none is none */
	ck_assert_int_eq(ask(bash, BASH_COMPLETE(2, "run a")), 0);
	ck_assert_str_eq(printed, "<a file>");
	ck_assert_int_eq(ask(bash, BASH_COMPLETE(1, "oth")), 0);
	ck_assert_str_eq(printed, "<>");
}
END_TEST

START_TEST(completion_for_zsh_is_sound)
{
	char *text = written(zsh);

	ck_assert_ptr_eq(strstr(text, "#compdef vigie\n"), text);
	ck_assert_ptr_nonnull(strstr(text, "'--output=[write to FILE]"
					   ":FILE:_files'"));
	ck_assert_ptr_nonnull(strstr(text, "'*--set=[change a setting]"
					   ":KEY=VALUE:'"));
	ck_assert_ptr_nonnull(strstr(text, ":N\\:M:'"));
	ck_assert_ptr_nonnull(strstr(text, "[don'\\''t ask\\: \\[just\\] do it"
					   "\\\\now, it'\\''s 5-fold]"));
	free(text);
	if (has("zsh"))
		ck_assert_int_eq(ask(zsh, "zsh -n ./f"), 0);
}
END_TEST

START_TEST(completion_for_fish_is_sound)
{
	char *text = written(fish);

	ck_assert_ptr_nonnull(strstr(text, "-l output -s o -r -d 'write to "
					   "FILE'\n"));
	ck_assert_ptr_nonnull(strstr(text, "-l set -s s -x "));
	ck_assert_ptr_nonnull(strstr(text, "-l quiet -d '"));
	ck_assert_ptr_nonnull(strstr(text, "'don\\'t ask: [just] do it\\\\now, "
					   "it\\'s 5-fold'"));
	ck_assert_ptr_nonnull(strstr(text, "-f -a check -d 'look at a "
					   "configuration'\n"));
	free(text);
	if (has("fish"))
		ck_assert_int_eq(ask(fish, "fish -n ./f"), 0);
}
END_TEST

START_TEST(completion_for_another_shell_is_refused)
{
	char *text;
	size_t n;
	FILE *f = open_memstream(&text, &n);

	ck_assert_int_eq(opt_completion(cmds, "tcsh", f), -1);
	fclose(f);
	ck_assert_uint_eq(n, 0);
	free(text);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(parse_every_kind_in_every_form),
		CHECK_TEST(parse_nothing_goes),
		CHECK_TEST(parse_minus_and_digit_is_an_argument),
		CHECK_TEST(parse_dash_is_an_argument_and_two_end_the_options),
		CHECK_TEST(parse_unknown_option_names_the_nearest),
		CHECK_TEST(parse_value_that_is_missing_or_too_much_is_told),
		CHECK_TEST(parse_count_that_is_none_is_told),
		CHECK_TEST(parse_any_number_of_words_fits),
		CHECK_TEST(parse_help_prints_and_ends_well),
		CHECK_TEST(action_is_found_by_its_name_or_told),
		CHECK_TEST(help_lists_every_option),
		CHECK_TEST(help_folds_lines_before_column_80),
		CHECK_TEST(man_page_has_no_warnings),
		CHECK_TEST(man_page_shows_the_texts_as_they_are),
		CHECK_TEST(completion_for_bash_offers_commands_options_and_files),
		CHECK_TEST(completion_for_zsh_is_sound),
		CHECK_TEST(completion_for_fish_is_sound),
		CHECK_TEST(completion_for_another_shell_is_refused),
		CHECK_END,
	};

	return check_main("opt", tests);
}
