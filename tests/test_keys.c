#include "wire/keys.h"

#include <errno.h>

#include "tests/data/keys.h"
#include "wire/keys_lines.h"

#define KEY_A "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID"
#define KEY_B "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7"

static char folder[CHECK_PATH_MAX];
static struct keys *k;
static struct err err;

static int reopen(void)
{
	keys_free(k);
	k = NULL;
	err_clear(&err);
	return keys_open(folder, &k, &err);
}

static void begin(void)
{
	keys_folder_new(folder);
}

static void end(void)
{
	keys_free(k);
	k = NULL;
	check_folder_done(folder);
}

static void says(const char *words)
{
	ck_assert_msg(strstr(err.text, words) != NULL, "'%s' is not in '%s'",
		      words, err.text);
}

/* Z85 text of 40 characters that are in the alphabet. */
static const unsigned char *bytes(const char *text)
{
	static unsigned char key[KEY_SIZE];

	ck_assert(curve_decode(str_of(text), key));
	return key;
}

static const char *allowed(const char *text)
{
	return keys_allowed(k, bytes(text));
}

/* Making. */

static mode_t mode_of(const char *name)
{
	char path[CHECK_PATH_MAX];
	struct stat st;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	ck_assert_int_eq(stat(path, &st), 0);
	return st.st_mode & 07777;
}

START_TEST(generate_makes_a_private_folder_whatever_the_mask)
{
	char above[CHECK_PATH_MAX];

	check_folder(above);
	umask(0);
	snprintf(folder, sizeof(folder), "%s/keys", above);
	ck_assert_int_eq(keys_generate(folder, &err), 0);
	ck_assert_uint_eq(mode_of("."), 0700);
	ck_assert_uint_eq(mode_of("secret.key"), 0600);
	ck_assert_uint_eq(mode_of("allowed"), 0600);
	ck_assert_uint_eq(mode_of("servers"), 0600);
	ck_assert_int_eq(reopen(), 0);
	keys_free(k);
	check_folder_done(above);
}
END_TEST

START_TEST(generate_never_overwrites)
{
	char before[2][KEY_TEXT + 1], after[2][KEY_TEXT + 1];

	begin();
	ck_assert_int_eq(reopen(), 0);
	keys_own(k, before[0], before[1]);
	keys_append(folder, "allowed", KEY_A " a\n");
	ck_assert_int_eq(keys_generate(folder, &err), -EEXIST);
	says("move it away");
	ck_assert_int_eq(reopen(), 0);
	keys_own(k, after[0], after[1]);
	ck_assert_str_eq(before[0], after[0]);
	ck_assert_str_eq(before[1], after[1]);
	ck_assert_ptr_nonnull(allowed(KEY_A));
	end();
}
END_TEST

START_TEST(generate_after_moving_away_keeps_the_lists)
{
	char old[KEY_TEXT + 1], new[KEY_TEXT + 1], path[CHECK_PATH_MAX + 16];

	begin();
	keys_public(folder, old);
	keys_append(folder, "allowed", KEY_A " a\n");
	snprintf(path, sizeof(path), "%s/secret.key", folder);
	ck_assert_int_eq(unlink(path), 0);
	ck_assert_int_eq(keys_generate(folder, &err), 0);
	keys_public(folder, new);
	ck_assert_str_ne(old, new);
	ck_assert_int_eq(reopen(), 0);
	ck_assert_ptr_nonnull(allowed(KEY_A));
	end();
}
END_TEST

START_TEST(generate_where_no_folder_can_be_made_says_so)
{
	ck_assert_int_eq(keys_generate("/nonexistent/keys", &err), -ENOENT);
	says("/nonexistent/keys");
}
END_TEST

/* secret.key */

static void own_is(const char *text, int result, const char *words)
{
	begin();
	keys_write(folder, "secret.key", 0600, text);
	ck_assert_int_eq(reopen(), result);
	if (words)
		says(words);
	end();
}

#define SECRET_A "D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs"

START_TEST(own_pair_is_read_over_blanks_and_comments)
{
	own_is("# ours\r\n\r\n  public\t" KEY_A " # p\r\nsecret " SECRET_A
	       "  \r\n", 0, NULL);
	own_is("secret " SECRET_A "\npublic " KEY_A, 0, NULL);
}
END_TEST

START_TEST(own_pair_with_a_fault_is_told_with_its_place)
{
	own_is("", -EINVAL, "has no secret key");
	own_is("secret " SECRET_A "\n", -EINVAL, "has no public key");
	own_is("public " KEY_A "\n", -EINVAL, "has no secret key");
	own_is("secret " SECRET_A "\npublic " KEY_B "\n", -EINVAL, "no pair");
	own_is("secret " SECRET_A "\nsecret " SECRET_A "\n", -EINVAL,
	       "/secret.key:2:1: ");
	own_is("\n key " SECRET_A "\n", -EINVAL, "/secret.key:2:2: ");
	own_is("secret\n", -EINVAL, "/secret.key:1:7: a key is missing");
	own_is("secret " SECRET_A "x\n", -EINVAL,
	       "/secret.key:1:8: a key has 40 characters, this has 41");
	own_is("secret 'D:)Q'\n", -EINVAL, "/secret.key:1:8: no key has");
	own_is("secret " SECRET_A " twice\n", -EINVAL, "/secret.key:1:49: ");
}
END_TEST

START_TEST(own_secret_is_never_in_a_sentence)
{
	begin();
	keys_write(folder, "secret.key", 0600, "secret " SECRET_A "x\n");
	ck_assert_int_eq(reopen(), -EINVAL);
	ck_assert_ptr_null(strstr(err.text, "D:)Q"));
	keys_write(folder, "secret.key", 0600, "secre " SECRET_A "\n");
	ck_assert_int_eq(reopen(), -EINVAL);
	ck_assert_ptr_null(strstr(err.text, "D:)Q"));
	keys_write(folder, "secret.key", 0600, SECRET_A "\n");
	ck_assert_int_eq(reopen(), -EINVAL);
	ck_assert_ptr_null(strstr(err.text, "D:)Q"));
	end();
}
END_TEST

START_TEST(missing_pair_says_how_to_make_one)
{
	check_folder(folder);
	ck_assert_int_eq(reopen(), -ENOENT);
	says("vigie keygen");
	says("/secret.key");
	end();
}
END_TEST

/* Modes and owners. */

START_TEST(secret_that_others_can_read_is_refused_with_the_cure)
{
	static const mode_t good[] = { 0600, 0400 };
	static const mode_t bad[] = { 0644, 0640, 0604, 0660, 0620, 0700,
				      0610, 0601, 0602 };
	char path[CHECK_PATH_MAX + 16];

	begin();
	snprintf(path, sizeof(path), "%s/secret.key", folder);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		ck_assert_int_eq(chmod(path, bad[i]), 0);
		ck_assert_int_eq(reopen(), -EACCES);
		says("chmod 0600");
		says(path);
	}
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
		ck_assert_int_eq(chmod(path, good[i]), 0);
		ck_assert_int_eq(reopen(), 0);
	}
	end();
}
END_TEST

START_TEST(folder_or_list_that_others_can_write_is_refused)
{
	static const char *const names[] = { ".", "allowed", "servers" };
	char path[CHECK_PATH_MAX + 16];

	begin();
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
		ck_assert_int_eq(chmod(path, 0720), 0);
		ck_assert_int_eq(reopen(), -EACCES);
		says("chmod");
		ck_assert_int_eq(chmod(path, 0702), 0);
		ck_assert_int_eq(reopen(), -EACCES);
		ck_assert_int_eq(chmod(path, 0755), 0);
		ck_assert_int_eq(reopen(), 0);
	}
	end();
}
END_TEST

START_TEST(files_of_another_are_refused)
{
	static const char *const names[] = { ".", "secret.key", "allowed" };
	char path[CHECK_PATH_MAX + 16];

	if (geteuid() != 0)
		return; /* nobody else could make it so */
	begin();
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
		ck_assert_int_eq(chown(path, 65534, 0), 0);
		ck_assert_int_eq(reopen(), -EACCES);
		says("belongs to");
		ck_assert_int_eq(chown(path, 0, 0), 0);
	}
	end();
}
END_TEST

START_TEST(what_is_no_file_does_not_block)
{
	char path[CHECK_PATH_MAX + 16];

	begin();
	snprintf(path, sizeof(path), "%s/allowed", folder);
	ck_assert_int_eq(unlink(path), 0);
	ck_assert_int_eq(mkfifo(path, 0600), 0);
	ck_assert_int_eq(reopen(), -EINVAL);
	says("is no file");
	end();
}
END_TEST

START_TEST(what_is_no_folder_is_refused)
{
	char path[CHECK_PATH_MAX + 16];

	begin();
	snprintf(path, sizeof(path), "%s/secret.key", folder);
	ck_assert_int_eq(keys_open(path, &k, &err), -ENOTDIR);
	says(path);
	end();
}
END_TEST

/* allowed */

static void list_is(const char *name, const char *text, int result,
		    const char *words)
{
	begin();
	keys_write(folder, name, 0600, text);
	ck_assert_int_eq(reopen(), result);
	if (words)
		says(words);
	end();
}

START_TEST(allowed_are_known_by_name)
{
	begin();
	keys_write(folder, "allowed", 0600,
		   "# comment\r\n\n   \t\r\n#" KEY_A " off\n"
		   "  " KEY_A "\t the north  \r\n"
		   "########################################\n" KEY_B
		   " \303\251t\303\251 # two");
	ck_assert_int_eq(reopen(), 0);
	ck_assert_str_eq(allowed(KEY_A), "the north");
	ck_assert_str_eq(allowed(KEY_B), "\303\251t\303\251");
	ck_assert_ptr_null(allowed("00000000000000000000"
				   "00000000000000000000"));
	end();
}
END_TEST

START_TEST(allowed_may_be_absent_and_we_may_always)
{
	char own[KEY_TEXT + 1], secret[KEY_TEXT + 1], path[CHECK_PATH_MAX + 16];

	begin();
	snprintf(path, sizeof(path), "%s/allowed", folder);
	ck_assert_int_eq(unlink(path), 0);
	snprintf(path, sizeof(path), "%s/servers", folder);
	ck_assert_int_eq(unlink(path), 0);
	ck_assert_int_eq(reopen(), 0);
	keys_own(k, own, secret);
	ck_assert_ptr_nonnull(allowed(own));
	ck_assert_ptr_null(allowed(KEY_A));
	end();
}
END_TEST

START_TEST(allowed_with_a_fault_is_told_with_its_place)
{
	list_is("allowed", "\n" KEY_A "x a\n", -EINVAL,
		"/allowed:2:1: a key has 40 characters, this has 41");
	list_is("allowed", "short a\n", -EINVAL, "this has 5");
	list_is("allowed", " Yne@$w-vo<fVvi]a<NY6T1ed:M$fC~*[IaLV{hID a\n",
		-EINVAL, "/allowed:1:31: no key has this character");
	list_is("allowed", KEY_A "\n", -EINVAL,
		"/allowed:1:41: expected a name");
	list_is("allowed", KEY_A " # nobody\n", -EINVAL,
		"/allowed:1:41: expected a name");
	list_is("allowed", KEY_A " a\n" KEY_B " b\n\n" KEY_A " c\n", -EINVAL,
		"/allowed:4:1: this key is in line 1 already, as 'a'");
	list_is("allowed", "00000000000000000000000000000000000%nSc1 a\n",
		-EINVAL, "/allowed:1:1: this is no key");
}
END_TEST

START_TEST(allowed_name_of_64_bytes_is_good_and_65_too_long)
{
	char line[KEY_TEXT + 80];

	for (size_t n = 64; n <= 65; n++) {
		snprintf(line, sizeof(line), KEY_A " %.*s\n", (int)n,
			 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
			 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
		list_is("allowed", line, n == 64 ? 0 : -EINVAL,
			n == 64 ? NULL : "more than 64 bytes");
	}
}
END_TEST

START_TEST(our_secret_in_a_list_is_noticed)
{
	char own[KEY_TEXT + 1], secret[KEY_TEXT + 1], line[128];

	begin();
	ck_assert_int_eq(reopen(), 0);
	keys_own(k, own, secret);
	snprintf(line, sizeof(line), "%s me\n", secret);
	keys_write(folder, "allowed", 0600, line);
	ck_assert_int_eq(reopen(), -EINVAL);
	says("/allowed:1:1: this is our secret key");
	ck_assert_ptr_null(strstr(err.text, secret));
	keys_write(folder, "allowed", 0600, "");
	snprintf(line, sizeof(line), "tcp://a:1 %s\n", secret);
	keys_write(folder, "servers", 0600, line);
	ck_assert_int_eq(reopen(), -EINVAL);
	says("/servers:1:11: this is our secret key");
	end();
}
END_TEST

START_TEST(lines_of_10000_are_good_and_10001_too_many)
{
	for (size_t n = 10000; n <= 10001; n++) {
		char *text = malloc(n + 1);

		memset(text, '\n', n);
		text[n] = '\0';
		list_is("allowed", text, n == 10000 ? 0 : -EINVAL,
			n == 10000 ? NULL : "/allowed:10001:1: more than the");
		free(text);
	}
}
END_TEST

START_TEST(file_of_a_megabyte_is_good_and_one_byte_more_too_large)
{
	for (size_t n = 1 << 20; n <= (1 << 20) + 1; n++) {
		char *text = malloc(n + 1);

		memset(text, ' ', n);
		text[n] = '\0';
		list_is("servers", text, n == 1 << 20 ? 0 : -EINVAL,
			n == 1 << 20 ? NULL : "is larger than");
		free(text);
	}
}
END_TEST

START_TEST(many_are_told_apart)
{
	char line[128];
	struct buf b;

	buf_init(&b, 1 << 20);
	for (int i = 0; i < 9999; i++) {
		snprintf(line, sizeof(line),
			 "%05d%035d peer %d\n", (i * 7919) % 9999, 0, i);
		buf_add_z(&b, line);
	}
	buf_add_char(&b, '\0');
	begin();
	keys_write(folder, "allowed", 0600, b.p);
	ck_assert_int_eq(reopen(), 0);
	for (int i = 0; i < 9999; i += 37) {
		char name[32];

		snprintf(line, sizeof(line), "%05d%035d", (i * 7919) % 9999,
			 0);
		snprintf(name, sizeof(name), "peer %d", i);
		ck_assert_str_eq(allowed(line), name);
	}
	buf_done(&b);
	end();
}
END_TEST

/* servers */

static const char *server(const char *endpoint)
{
	static char out[KEY_TEXT + 1];

	err_clear(&err);
	return keys_server(k, endpoint, out, &err) ? NULL : out;
}

START_TEST(servers_are_known_by_endpoint)
{
	char own[KEY_TEXT + 1], secret[KEY_TEXT + 1];

	begin();
	keys_write(folder, "servers", 0600,
		   "tcp://a.example:5000 " KEY_A "\r\n"
		   "\ttcp://a.example:*   " KEY_B " # all others\n"
		   "tcp://127.0.0.1:7 " KEY_A);
	ck_assert_int_eq(reopen(), 0);
	keys_own(k, own, secret);
	ck_assert_str_eq(server("tcp://a.example:5000"), KEY_A);
	ck_assert_str_eq(server("tcp://a.example:5001"), KEY_B);
	ck_assert_str_eq(server("tcp://127.0.0.1:7"), KEY_A);
	/* our own daemons, elsewhere on this machine */
	ck_assert_str_eq(server("tcp://127.0.0.1:8"), own);
	ck_assert_str_eq(server("tcp://localhost:8"), own);
	ck_assert_ptr_null(server("tcp://b.example:5000"));
	says("'tcp://b.example:5000  KEY'");
	says("/servers");
	ck_assert_ptr_null(server("tcp://a.example.org:5000"));
	ck_assert_ptr_null(server("tcp://192.0.2.7:5000"));
	ck_assert_ptr_null(server("nonsense"));
	end();
}
END_TEST

START_TEST(servers_with_a_fault_are_told_with_their_place)
{
	list_is("servers", "tcp://a:1\n", -EINVAL,
		"/servers:1:10: a key is missing");
	list_is("servers", "ipc:///a " KEY_A "\n", -EINVAL,
		"/servers:1:1: expected tcp://host:port");
	list_is("servers", "tcp://a " KEY_A "\n", -EINVAL,
		"/servers:1:1: expected tcp://host:port");
	list_is("servers", KEY_A " tcp://a:1\n", -EINVAL, "/servers:1:1: ");
	list_is("servers", "tcp://a:1 " KEY_A " b\n", -EINVAL,
		"/servers:1:52: nothing is expected");
	list_is("servers", "tcp://a:1 " KEY_A "\ntcp://a:1 " KEY_B "\n",
		-EINVAL, "/servers:2:1: tcp://a:1 has a line already");
}
END_TEST

/* Reading again. */

START_TEST(reload_tells_whether_one_was_revoked)
{
	bool revoked = true;

	begin();
	keys_write(folder, "allowed", 0600, KEY_A " a\n");
	ck_assert_int_eq(reopen(), 0);
	ck_assert_int_eq(keys_reload(k, &revoked, &err), 0);
	ck_assert(!revoked);
	keys_write(folder, "allowed", 0600, KEY_B " b\n" KEY_A " other\n");
	ck_assert_int_eq(keys_reload(k, &revoked, &err), 0);
	ck_assert(!revoked);
	ck_assert_str_eq(allowed(KEY_A), "other");
	keys_write(folder, "allowed", 0600, KEY_B " b\n");
	ck_assert_int_eq(keys_reload(k, &revoked, &err), 0);
	ck_assert(revoked);
	ck_assert_ptr_null(allowed(KEY_A));
	ck_assert_ptr_nonnull(allowed(KEY_B));
	end();
}
END_TEST

START_TEST(reload_with_a_fault_keeps_all)
{
	bool revoked;

	begin();
	keys_write(folder, "allowed", 0600, KEY_A " a\n");
	ck_assert_int_eq(reopen(), 0);
	keys_write(folder, "allowed", 0600, KEY_B " b\n");
	keys_write(folder, "servers", 0600, "nonsense\n");
	ck_assert_int_eq(keys_reload(k, &revoked, &err), -EINVAL);
	says("/servers:1:1");
	ck_assert_ptr_nonnull(allowed(KEY_A));
	ck_assert_ptr_null(allowed(KEY_B));
	keys_write(folder, "servers", 0666, "");
	err_clear(&err);
	ck_assert_int_eq(keys_reload(k, &revoked, &err), -EACCES);
	ck_assert_ptr_nonnull(allowed(KEY_A));
	end();
}
END_TEST

START_TEST(free_null_is_fine)
{
	keys_free(NULL);
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(generate_makes_a_private_folder_whatever_the_mask),
		CHECK_TEST(generate_never_overwrites),
		CHECK_TEST(generate_after_moving_away_keeps_the_lists),
		CHECK_TEST(generate_where_no_folder_can_be_made_says_so),
		CHECK_TEST(own_pair_is_read_over_blanks_and_comments),
		CHECK_TEST(own_pair_with_a_fault_is_told_with_its_place),
		CHECK_TEST(own_secret_is_never_in_a_sentence),
		CHECK_TEST(missing_pair_says_how_to_make_one),
		CHECK_TEST(secret_that_others_can_read_is_refused_with_the_cure),
		CHECK_TEST(folder_or_list_that_others_can_write_is_refused),
		CHECK_TEST(files_of_another_are_refused),
		CHECK_TEST(what_is_no_file_does_not_block),
		CHECK_TEST(what_is_no_folder_is_refused),
		CHECK_TEST(allowed_are_known_by_name),
		CHECK_TEST(allowed_may_be_absent_and_we_may_always),
		CHECK_TEST(allowed_with_a_fault_is_told_with_its_place),
		CHECK_TEST(allowed_name_of_64_bytes_is_good_and_65_too_long),
		CHECK_TEST(our_secret_in_a_list_is_noticed),
		CHECK_TEST(lines_of_10000_are_good_and_10001_too_many),
		CHECK_TEST(file_of_a_megabyte_is_good_and_one_byte_more_too_large),
		CHECK_TEST(many_are_told_apart),
		CHECK_TEST(servers_are_known_by_endpoint),
		CHECK_TEST(servers_with_a_fault_are_told_with_their_place),
		CHECK_TEST(reload_tells_whether_one_was_revoked),
		CHECK_TEST(reload_with_a_fault_keeps_all),
		CHECK_TEST(free_null_is_fine),
		CHECK_END,
	};

	return check_main("keys", tests);
}
