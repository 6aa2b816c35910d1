/* Dates that stand over or under an article, and the counters of buttons. */
#include <string.h>

#include "parse/stamp.h"
#include "parse/text.h"
#include "parse/tidy_parts.h"

enum { REMARK_MAX = 160, LINE_MAX_BYTES = 300 };

/* Before a date that says when the article was written. */
static const char *const leads[] = {
	"publie le ", "publie : ", "publie ", "mis en ligne le ",
	"mise en ligne le ", "mise a jour le ", "mis a jour le ",
	"mise a jour : ", "mis a jour : ", "mise a jour ", "modifie le ",
	"derniere mise a jour le ", "derniere mise a jour : ",
	"article mis a jour le ", "paru le ", "poste le ", "article publie le ",
	"date : ", "date: ", "published on ", "published: ", "published ",
	"posted on ", "posted ", "updated on ", "updated: ", "updated ",
	"last updated ", "last updated on ", "last updated: ",
	"last modified on ", "last modified ", "veroffentlicht am ",
	"veroffentlicht: ", "aktualisiert am ", "aktualisiert: ",
	"zuletzt aktualisiert am ", "stand: ", "erstellt am ", "publicado el ",
	"publicado: ", "actualizado el ", "actualizado: ", "pubblicato il ",
	"pubblicato: ", "aggiornato il ", "ultima modifica il ",
	"gepubliceerd op ", "geplaatst op ", "bijgewerkt op ", "publicado em ",
	"atualizado em ",
};

static void drop(struct str *s, size_t n)
{
	s->p += n;
	s->n -= n;
}

static bool take_z(struct str *s, const char *z)
{
	if (!str_starts(*s, str_of(z)))
		return false;
	drop(s, strlen(z));
	return true;
}

static void skip_signs(struct str *s)
{
	while (s->n && strchr(" ,-|*>.:;\"", s->p[0]))
		drop(s, 1);
}

static bool take_lead(struct str *s)
{
	size_t best = 0;

	for (size_t i = 0; i < sizeof(leads) / sizeof(*leads); i++) {
		if (s->n && leads[i][0] == s->p[0] &&
		    str_starts(*s, str_of(leads[i])) &&
		    strlen(leads[i]) > best)
			best = strlen(leads[i]);
	}
	drop(s, best);
	return best;
}

/* "Temps de lecture : 3 min", "3 min read" */
static bool take_reading_time(struct str *s)
{
	struct str t = *s;

	if (take_z(&t, "temps de lecture") || take_z(&t, "lecture"))
		skip_signs(&t);
	while (t.n && t.p[0] >= '0' && t.p[0] <= '9')
		drop(&t, 1);
	if (t.p == s->p || !take_z(&t, " min"))
		return false;
	*s = t;
	for (const char *const *z = (const char *const[]){
		     "utes", "ute", "s", NULL }; *z && !take_z(s, *z); z++)
		;
	take_z(s, ".");
	take_z(s, " read");
	take_z(s, " de lecture");
	return true;
}

/* "(ajout de la réaction de la société)" */
static void take_remark(struct str *s)
{
	const char *close;

	if (!s->n || s->p[0] != '(')
		return;
	close = memchr(s->p, ')', s->n < REMARK_MAX ? s->n : REMARK_MAX);
	if (close)
		drop(s, (size_t)(close + 1 - s->p));
}

/* Dates with their leads, one after another, from the head of *s; is a lead
 * there? The first full date is kept. */
static bool take_stamps(struct str *s, char date[DATE_MAX], bool *led)
{
	bool any = false;
	char one[DATE_MAX];

	for (int i = 0; i < 4; i++) {
		struct str t = *s;
		bool has_lead;
		size_t n;

		skip_signs(&t);
		has_lead = take_lead(&t);
		n = stamp_read(t, false, one);
		/* A row of dates is of a table. */
		if (!n || (i && !has_lead))
			break;
		drop(&t, n);
		*led = *led || has_lead;
		if (!date[0])
			memcpy(date, one, DATE_MAX);
		any = true;
		*s = t;
		skip_signs(&t);
		take_remark(&t);
		*s = t.n < s->n && (t.n == 0 || t.p[-1] == ')') ? t : *s;
	}
	return any;
}

bool tidy_stamp(const struct tidy_line *l, struct tidy_found *found)
{
	struct str s = tidy_words(l);
	bool led = false;

	if (!l->f.whole || l->s.n > LINE_MAX_BYTES || tidy_has_stop(l->s))
		return false;
	s.n = l->f.n - l->from;
	found->date[0] = '\0';
	if (!take_stamps(&s, found->date, &led))
		return false;
	skip_signs(&s);
	if (take_reading_time(&s))
		skip_signs(&s);
	if (s.n && !(s.n == 1 && s.p[0] == ')'))
		return false;
	found->kind = TIDY_DATE;
	/* A lone date may head a part of a chronicle. */
	return led || ((l->places & TIDY_HEAD) && strlen(found->date) == 10);
}

/* Where in the line what was read ends, up to `at` of it folded, with the signs
 * and spaces behind. */
static size_t behind(const struct tidy_line *l, const char *at)
{
	struct str s = fold_view(&l->f);

	drop(&s, (size_t)(at - l->f.z));
	while (s.n && strchr(" ,-|*>.:;", s.p[0]))
		drop(&s, 1);
	return l->f.at[s.p - l->f.z];
}

/* "date 2022-11", just as text_split() knows it. */
static size_t archive_date(const struct tidy_line *l, struct tidy_found *found)
{
	struct text_parts parts;
	size_t n;

	if (!l->is_first || !str_starts(l->s, STR("date ")))
		return 0;
	text_split(l->s, &parts);
	if (!parts.date.n || date_parse(parts.date, found->date))
		return 0;
	n = (size_t)(parts.date.p + parts.date.n - l->s.p);
	while (n < l->s.n && l->s.p[n] == ' ')
		n++;
	return n;
}

size_t tidy_stamp_head(const struct tidy_line *l, struct tidy_found *found)
{
	struct str s = tidy_words(l);
	size_t n;
	bool led = false;

	found->kind = TIDY_DATE;
	found->date[0] = '\0';
	if (!(l->places & TIDY_HEAD))
		return 0;
	n = archive_date(l, found);
	found->is_certain = n;
	if (n)
		return n;
	if (!take_stamps(&s, found->date, &led) || !led)
		return 0;
	return behind(l, s.p);
}

/* Counters. */

static const char counted[] =
	" partages partage shares share tweets tweet retweets likes like"
	" commentaires commentaire comments comment vues vue views view"
	" reactions reaction votes lectures kommentare comentarios commenti"
	" reacties j'aime ";
static const char buttons[] =
	" facebook twitter linkedin whatsapp pinterest telegram reddit"
	" flipboard viber messenger tumblr email e-mail mail google+ pocket"
	" instagram youtube xing snapchat bluesky mastodon threads ";
static const char fillers[] =
	" partager share imprimer print sur on teilen compartir condividi"
	" delen tweeter copier le lien copy link total 0 | - * + ";

static bool is_one_of(struct str word, const char *list)
{
	char z[24];

	if (!word.n || word.n + 3 > sizeof(z))
		return false;
	z[0] = ' ';
	memcpy(z + 1, word.p, word.n);
	memcpy(z + word.n + 1, " ", 2);
	return strstr(list, z);
}

static size_t number_length(struct str word)
{
	size_t n = 0;

	while (n < word.n && strchr("0123456789", word.p[n]))
		n++;
	if (n && n < word.n && strchr(".,", word.p[n]))
		for (n++; n < word.n && strchr("0123456789", word.p[n]); n++)
			;
	if (n && n + 1 == word.n && word.p[n] == 'k')
		n++;
	return n;
}

bool tidy_counters(const struct tidy_line *l, struct tidy_found *found)
{
	struct str rest = str_trim(fold_view(&l->f));
	int numbers = 0, words = 0, networks = 0;

	if (!l->f.whole || l->f.n > 160)
		return false;
	while (rest.p) {
		struct str word = str_cut(&rest, ' ');
		size_t n = number_length(word);

		numbers += n > 0;
		drop(&word, n);
		if (is_one_of(word, counted))
			words++;
		else if (is_one_of(word, buttons))
			networks++;
		else if (word.n && !is_one_of(word, fillers))
			return false;
	}
	found->kind = TIDY_SHARE;
	return (words && numbers) || networks > 1 ||
	       (networks && numbers && (l->places & TIDY_HEAD));
}

static bool is_capitals(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] >= 'a' && s.p[i] <= 'z')
			return false;
	return s.n;
}

/* "5PARTAGES 3 0 Le groupe": a number and a word of a button without a space,
 * or in capitals; then numbers; then the text. */
size_t tidy_counters_head(const struct tidy_line *l, struct tidy_found *found)
{
	struct str s = str_trim(fold_view(&l->f)), rest = s, word, next;
	size_t n, from, to;

	if (!(l->places & TIDY_HEAD) || s.p != l->f.z)
		return 0;
	word = str_cut(&rest, ' ');
	n = number_length(word);
	if (!n || !rest.p)
		return 0;
	if (n == word.n)
		word = str_cut(&rest, ' ');
	else
		drop(&word, n);
	from = l->f.at[word.p - l->f.z];
	to = l->f.at[word.p + word.n - l->f.z];
	if (!rest.p || !is_one_of(word, counted) ||
	    !is_capitals((struct str){ l->s.p + from, to - from }))
		return 0;
	for (next = rest; next.p; rest = next) {
		word = str_cut(&next, ' ');
		if (!word.n || number_length(word) != word.n || word.n > 5)
			break;
	}
	found->kind = TIDY_SHARE;
	return behind(l, rest.p ? rest.p : s.p + s.n);
}
