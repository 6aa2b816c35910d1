#include "parse/tidy.h"

#include <errno.h>
#include <string.h>

#include "parse/text.h"
#include "tests/check_main.h"

static char block[32 << 20];

/* Enough of an article that a line more is less than half of it. */
#define ABOVE                                                                  \
	"Le port de Brest agrandit ses quais\n"                                \
	"Les travaux du nouveau quai commencent au printemps, et la ville en " \
	"attend trois cents emplois. Le chantier dure deux ans.\n"             \
	"Les pêcheurs, eux, restent prudents : ils ont vu passer d'autres "    \
	"projets, et demandent que la criée reste ouverte.\n"                  \
	"La région paie la moitié des travaux, l'État un quart.\n"
#define BELOW                                                                  \
	"\nLe maire a visité le port avec les élus de la région, et il a "     \
	"promis de revenir à l'automne pour en parler encore.\n"               \
	"Une réunion publique aura lieu en mai. Les plans sont à la mairie, "  \
	"où chacun peut les lire et dire ce qu'il en pense.\n"                 \
	"Le port emploie aujourd'hui neuf cents personnes en tout."

static struct tidy tidied(const char *text)
{
	struct arena a = { block, block + sizeof(block) };
	struct tidy t;

	ck_assert_int_eq(tidy(str_of(text), &a, &t), 0);
	return t;
}

/* before, line and after in three lines: is the line cut, and as what? */
static void line_is(const char *before, const char *line, const char *after,
		    int kind)
{
	static char text[8192];
	struct tidy t;

	snprintf(text, sizeof(text), "%s%s%s%s%s", before,
		 *before ? "\n" : "", line, *after ? "\n" : "", after);
	t = tidied(text);
	if (kind < 0) {
		ck_assert_msg(!t.cut_count, "'%s' is cut: %s", line,
			      t.cut_count ? tidy_name(t.cuts[0].kind) : "");
		return;
	}
	ck_assert_msg(t.cut_count == 1, "'%s': %zu cuts", line, t.cut_count);
	ck_assert_msg((int)t.cuts[0].kind == kind, "'%s' is %s", line,
		      tidy_name(t.cuts[0].kind));
	ck_assert_uint_ge(t.cuts[0].end - t.cuts[0].start, strlen(line));
}

static void in_head(const char *line, int kind)
{
	line_is("Le port de Brest agrandit ses quais", line, ABOVE BELOW, kind);
}

static void in_body(const char *line, int kind)
{
	line_is(ABOVE ABOVE ABOVE, line, BELOW BELOW BELOW, kind);
}

static void in_tail(const char *line, int kind)
{
	line_is(ABOVE ABOVE BELOW BELOW, line, "", kind);
}

static void everywhere(const char *line, int kind)
{
	in_head(line, kind);
	in_body(line, kind);
	in_tail(line, kind);
}

/* Glued to a text; what is left of it is `left`. */
static void leaves(const char *text, const char *left, int kind)
{
	static char whole[4096], want[4096];
	struct tidy t;

	snprintf(whole, sizeof(whole), "%s%s", text, BELOW);
	snprintf(want, sizeof(want), "%s%s", left, BELOW);
	t = tidied(whole);
	ck_assert_msg(str_is(t.text, want), "'%s' leaves '" STR_FMT "'", text,
		      STR_ARG(t.text));
	if (kind >= 0)
		ck_assert_int_eq(t.cuts[0].kind, (enum tidy_kind)kind);
}

START_TEST(plain_article_is_untouched_view)
{
	struct str text = STR(ABOVE BELOW);
	struct arena a = { block, block + sizeof(block) };
	struct tidy t;

	ck_assert_int_eq(tidy(text, &a, &t), 0);
	ck_assert_ptr_eq(t.text.p, text.p);
	ck_assert_uint_eq(t.text.n, text.n);
	ck_assert_uint_eq(t.cut_count, 0);
	ck_assert_uint_eq(t.author.n + t.date.n, 0);
}
END_TEST

START_TEST(navigation_is_cut_sentences_stay)
{
	everywhere("Passer au contenu", TIDY_NAVIGATION);
	everywhere("Skip to Main Content", TIDY_NAVIGATION);
	in_head("Zum Inhalt springen", TIDY_NAVIGATION);
	in_head("Saltar al contenido", TIDY_NAVIGATION);
	in_head("Vai al contenuto", TIDY_NAVIGATION);
	in_head("Ga naar de inhoud", TIDY_NAVIGATION);
	in_head("Ir para o conteúdo", TIDY_NAVIGATION);
	in_head("Accueil > Économie > Ports", TIDY_NAVIGATION);
	in_head("Menu", TIDY_NAVIGATION);
	in_tail("Retour en haut", TIDY_NAVIGATION);
	leaves("Passer au contenu Le quai est long.", "Le quai est long.",
	       TIDY_NAVIGATION);
	everywhere("Passer au contenu payant coûte cher", -1);
	everywhere("Menu du jour au restaurant du port", -1);
	in_body("Menu", -1);
	leaves("Passer au contenu payant coûte cher.",
	       "Passer au contenu payant coûte cher.", -1);
}
END_TEST

START_TEST(consent_is_cut_sentences_stay)
{
	in_head("Pour gérer vos consentements : Catégories", TIDY_CONSENT);
	in_tail("Tout accepter", TIDY_CONSENT);
	in_head("Nous utilisons des cookies pour améliorer votre navigation.",
		TIDY_CONSENT);
	in_head("We use cookies to give you the best experience.",
		TIDY_CONSENT);
	in_tail("Diese Website verwendet Cookies. Wenn Sie sie nutzen, stimmen "
		"Sie zu.", TIDY_CONSENT);
	in_body("Nous utilisons des cookies pour améliorer votre navigation.",
		-1);
	in_head("Nous utilisons des cookies, dit le pâtissier du port.", -1);
	in_head("Les consentements sont gérés par la mairie.", -1);
}
END_TEST

START_TEST(date_lines_are_cut_dates_in_text_stay)
{
	everywhere("Mise à jour le 22/10 à 12h20 (ajout des réactions)",
		   TIDY_DATE);
	everywhere("Publié le 22 octobre 2022 à 12h20", TIDY_DATE);
	in_head("22 octobre 2022", TIDY_DATE);
	in_head("Publié le 22/10/2022 - Mis à jour le 23/10/2022", TIDY_DATE);
	in_head("Published on October 22, 2022 at 5:30 pm", TIDY_DATE);
	in_head("Veröffentlicht am 22. Oktober 2022", TIDY_DATE);
	in_head("Publicado el 22 de octubre de 2022", TIDY_DATE);
	in_head("Pubblicato il 22 ottobre 2022 | 3 min de lecture", TIDY_DATE);
	in_body("22 octobre 2022", -1);
	in_head("22 octobre 2022 : la grève commence au port", -1);
	everywhere("Publié le 22 octobre 2022, le rapport dit le contraire",
		   -1);
	everywhere("Le 22 octobre 2022.", -1);
	in_head("2022", -1);
}
END_TEST

START_TEST(date_stamp_at_the_head_is_cut_as_text_split_does)
{
	struct text_parts parts;

	leaves("date 2022-11 Le quai est long.", "Le quai est long.",
	       TIDY_DATE);
	leaves("date 2025-12-24\nLe quai est long.", "Le quai est long.",
	       TIDY_DATE);
	leaves("date 2022-11 le quai est long.", "le quai est long.",
	       TIDY_DATE);
	leaves("date 2022-13 Le quai.", "date 2022-13 Le quai.", -1);
	leaves("date limite Le quai.", "date limite Le quai.", -1);
	text_split(STR("date 2022-11 le quai est long."), &parts);
	ck_assert(str_is(parts.body, "le quai est long."));
	ck_assert(str_is(tidied("date 2022-11 le quai est long." BELOW).date,
			 "2022-11"));
}
END_TEST

START_TEST(share_counters_are_cut_numbers_stay)
{
	everywhere("5PARTAGES 3 0", TIDY_SHARE);
	everywhere("12 partages Facebook 10 Twitter 2", TIDY_SHARE);
	everywhere("1.2k Shares", TIDY_SHARE);
	everywhere("Send this to a friend", TIDY_SHARE);
	everywhere("Facebook Twitter LinkedIn", TIDY_SHARE);
	in_tail("Partager sur Facebook", TIDY_SHARE);
	in_tail("Share this:", TIDY_SHARE);
	leaves("5PARTAGES 3 0 Le quai est long.", "Le quai est long.",
	       TIDY_SHARE);
	leaves("12 PARTAGES Le quai est long.", "Le quai est long.",
	       TIDY_SHARE);
	everywhere("5 partages plus tard, la ville change d'avis", -1);
	everywhere("Partager le travail entre les deux quais", -1);
	everywhere("Facebook, Twitter et LinkedIn", -1);
	everywhere("Facebook", -1);
	leaves("3 shares of the port were sold.",
	       "3 shares of the port were sold.", -1);
}
END_TEST

START_TEST(credits_are_cut_sentences_stay)
{
	everywhere("Crédit photo © Reuters", TIDY_CREDIT);
	everywhere("crédit : Jean Dupont", TIDY_CREDIT);
	everywhere("(Crédit : D.R.)", TIDY_CREDIT);
	everywhere("© Ville de Brest", TIDY_CREDIT);
	everywhere("Photo: AFP / Jean Dupont", TIDY_CREDIT);
	everywhere("Bild: dpa", TIDY_CREDIT);
	everywhere("Foto: Lusa", TIDY_CREDIT);
	leaves("Le quai est long. (Crédit : D.R.)", "Le quai est long.",
	       TIDY_CREDIT);
	leaves("Le quai est long. (Photo © AFP)", "Le quai est long.",
	       TIDY_CREDIT);
	everywhere("Crédit photo", -1);
	everywhere("Crédit immobilier : les taux montent encore cette année.",
		   -1);
	everywhere("Photo de groupe devant le quai", -1);
	everywhere("Photo : les élus visitent le nouveau quai.", -1);
	leaves("Le quai est long (la photo le montre)",
	       "Le quai est long (la photo le montre)", -1);
}
END_TEST

static void byline_says(const char *line, const char *author, const char *date)
{
	static char text[4096];
	struct tidy t;

	snprintf(text, sizeof(text), "Un titre\n%s\n%s", line, ABOVE BELOW);
	t = tidied(text);
	ck_assert_msg(t.cut_count == 1 && t.cuts[0].kind == TIDY_BYLINE,
		      "'%s' stays", line);
	ck_assert_msg(str_is(t.author, author), "'" STR_FMT "'",
		      STR_ARG(t.author));
	ck_assert_msg(str_is(t.date, date), "'" STR_FMT "'", STR_ARG(t.date));
}

START_TEST(byline_is_cut_and_says_author_and_date)
{
	byline_says("Par Anne Le Gall, publié le 22 octobre 2022",
		    "Anne Le Gall", "2022-10-22");
	byline_says("Par Anne Le Gall", "Anne Le Gall", "");
	byline_says("Par Anne Le Gall et Marc de Vries | 22/10/2022 à 12h20",
		    "Anne Le Gall et Marc de Vries", "2022-10-22");
	byline_says("By Ann Hill, Oct 22, 2022", "Ann Hill", "2022-10-22");
	byline_says("Von Hans Müller", "Hans Müller", "");
	byline_says("Por Ana García, 22 de octubre de 2022", "Ana García",
		    "2022-10-22");
	byline_says("Propos recueillis par Anne Le Gall", "Anne Le Gall", "");
	in_head("Par exemple, le quai du nord", -1);
	in_head("Par amour du risque", -1);
	in_head("Par Toutatis", -1);
	in_head("By George Hill the quays were built", -1);
	in_head("Par Anne Le Gall.", -1);
	in_body("Par Anne Le Gall", -1);
	in_tail("(Reporting by Ann Hill; editing by Bob Dale)", TIDY_BYLINE);
	in_tail("(Anne Le Gall, édité par Marc Petit)", TIDY_BYLINE);
	in_tail("(Anne Le Gall préside le port)", -1);
}
END_TEST

START_TEST(first_line_byline_is_a_title_unless_dated)
{
	line_is("", "Par Anne Le Gall", ABOVE BELOW, -1);
	line_is("", "Par Anne Le Gall, publié le 22 octobre 2022", ABOVE BELOW,
		TIDY_BYLINE);
}
END_TEST

START_TEST(dateline_is_cut_brackets_in_text_stay)
{
	struct tidy t = tidied("par Anne Le Gall PARIS (Reuters) - Le quai."
			       BELOW);

	ck_assert(str_is(t.author, "Anne Le Gall"));
	leaves("PARIS (Reuters) - Le quai est long.", "Le quai est long.",
	       TIDY_BYLINE);
	leaves("NEW YORK, 22 oct 2022 (AFP) – Le quai.", "Le quai.",
	       TIDY_BYLINE);
	leaves("Brest, 22 octobre 2022 (AFP) - Le quai.", "Le quai.",
	       TIDY_BYLINE);
	leaves("BERLIN (dpa) - Der Kai ist lang.", "Der Kai ist lang.",
	       TIDY_BYLINE);
	leaves("PARIS (Reuters) a perdu.", "PARIS (Reuters) a perdu.", -1);
	leaves("Le rapport (AFP) - Le quai.", "Le rapport (AFP) - Le quai.",
	       -1);
	leaves("par (Reuters) - Le quai.", "par (Reuters) - Le quai.", -1);
	leaves("PARIS (Seine) - Le quai.", "PARIS (Seine) - Le quai.", -1);
}
END_TEST

START_TEST(related_is_cut_sentences_stay)
{
	everywhere("Lire aussi : Le port de Lorient ferme-t-il ?",
		   TIDY_RELATED);
	everywhere("Lire aussi", TIDY_RELATED);
	everywhere("» À lire également : Lorient", TIDY_RELATED);
	everywhere("Lire aussi Lorient ferme son port", TIDY_RELATED);
	everywhere("A lire également", TIDY_RELATED);
	everywhere("Dans la même catégorie Le port de Lorient", TIDY_RELATED);
	everywhere("Read also: Lorient closes", TIDY_RELATED);
	everywhere("Lesen Sie auch: Lorient schließt", TIDY_RELATED);
	everywhere("Lea también: Lorient cierra", TIDY_RELATED);
	everywhere("Leggi anche: Lorient chiude", TIDY_RELATED);
	everywhere("Lees ook: Lorient sluit", TIDY_RELATED);
	everywhere("Leia também: Lorient fecha", TIDY_RELATED);
	everywhere("Lire aussi les clauses du contrat reste indispensable.",
		   -1);
	everywhere("Lire aussi entre les lignes", -1);
	everywhere("Dans la même catégorie, le port de Lorient reste premier.",
		   -1);
	everywhere("À lire les journaux, tout va bien.", -1);
}
END_TEST

START_TEST(tags_are_cut_sentences_stay)
{
	in_tail("Technorati Tags: , , ,", TIDY_TAGS);
	in_body("Technorati Tags: port, quai", TIDY_TAGS);
	in_tail("Tags : port, Brest, quai", TIDY_TAGS);
	in_tail("Mots-clés : port, Brest", TIDY_TAGS);
	in_tail("Filed under: Ports", TIDY_TAGS);
	in_tail("Schlagwörter: Hafen, Kai", TIDY_TAGS);
	in_tail("#port #Brest #quai", TIDY_TAGS);
	in_body("Tags : port, Brest, quai", -1);
	in_tail("Tags: what they are and why the port has them.", -1);
	in_tail("Catégorie reine du nautisme", -1);
	in_tail("#port de Brest", -1);
	line_is("", "#port #Brest", "Le quai, enfin, et la grue aussi !", -1);
}
END_TEST

START_TEST(comments_from_the_box_on_are_cut)
{
	in_tail("2 thoughts on “Le port”\nJean dit :\nBravo à tous.",
		TIDY_COMMENTS);
	in_tail("Leave a Reply\nYour email address will not be published.",
		TIDY_COMMENTS);
	in_tail("Laisser un commentaire", TIDY_COMMENTS);
	in_tail("12 commentaires\nJean dit :\nBravo.\nRépondre", TIDY_COMMENTS);
	in_tail("Schreibe einen Kommentar\nName", TIDY_COMMENTS);
	in_tail("Deja un comentario", TIDY_COMMENTS);
	in_tail("Lascia un commento", TIDY_COMMENTS);
	in_tail("Geef een reactie", TIDY_COMMENTS);
	in_tail("Deixe um comentário", TIDY_COMMENTS);
	in_tail("Commentaires\nLes élus en ont fait beaucoup hier.\n"
		"Les voici, dans l'ordre, tels qu'ils sont.\nFin.", -1);
	in_tail("Les commentaires sont libres, dit le maire.", -1);
	in_head("Leave a Reply", -1);
	in_body("Commentaires", -1);
}
END_TEST

START_TEST(comments_longer_than_the_article_are_cut)
{
	static char text[1 << 15];
	size_t n;
	struct tidy t;

	n = (size_t)snprintf(text, sizeof(text), "%s%s\n20 commentaires\n",
			     ABOVE, BELOW);
	for (int i = 0; i < 20; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n,
				      "Jean dit :\nBravo pour ce quai, on en "
				      "attendait un depuis vingt ans ici.\n"
				      "Répondre\n");
	t = tidied(text);
	ck_assert(str_is(t.text, ABOVE BELOW));
}
END_TEST

START_TEST(abuse_mark_takes_its_comment_along)
{
	leaves(ABOVE BELOW "\nsuper, enfin un quai !!\nSignaler un abus\n"
	       "Pas d'accord avec vous.\nSignaler un abus", ABOVE BELOW, -1);
	everywhere("Signaler un abus", TIDY_ABUSE);
	in_tail("Report abuse", TIDY_ABUSE);
	in_tail("Missbrauch melden", TIDY_ABUSE);
	everywhere("Signaler un abus de confiance", -1);
	everywhere("Signaler un abus est un devoir.", -1);
}
END_TEST

START_TEST(abuse_mark_leaves_the_article_above)
{
	struct tidy t = tidied(ABOVE BELOW "\nSignaler un abus");

	ck_assert(str_is(t.text, ABOVE BELOW));
}
END_TEST

START_TEST(more_is_cut_sentences_stay)
{
	everywhere("(suite…) Lire la suite", TIDY_MORE);
	everywhere("Lire la suite", TIDY_MORE);
	everywhere("Continue reading »", TIDY_MORE);
	everywhere("Weiterlesen", TIDY_MORE);
	everywhere("Leer más", TIDY_MORE);
	leaves("Le quai est long. (suite…) Lire la suite", "Le quai est long.",
	       TIDY_MORE);
	leaves("Le quai est long… Lire la suite", "Le quai est long…",
	       TIDY_MORE);
	everywhere("Il faut lire la suite", -1);
	everywhere("Lire la suite des travaux au port", -1);
}
END_TEST

START_TEST(glued_pieces_are_cut_one_by_one)
{
	struct tidy t = tidied(
		"date 2022-11 Passer au contenu 5PARTAGES 3 0 par Anne Le Gall "
		"PARIS (Reuters) - Le quai est long." BELOW);

	ck_assert(str_is(t.text, "Le quai est long." BELOW));
	ck_assert_uint_eq(t.cut_count, 4);
	ck_assert(str_is(t.author, "Anne Le Gall"));
}
END_TEST

START_TEST(empty_lines_around_a_cut_become_one_gap)
{
	leaves("Un.\n\nLire aussi\n\nDeux.", "Un.\n\nDeux.", TIDY_RELATED);
	leaves("Un.\nLire aussi\n\nDeux.", "Un.\n\nDeux.", TIDY_RELATED);
	leaves("Un.\n\nLire aussi\nDeux.", "Un.\n\nDeux.", TIDY_RELATED);
	leaves("Lire aussi\n\nUn.", "Un.", TIDY_RELATED);
}
END_TEST

START_TEST(more_than_half_is_never_cut)
{
	const char *text = "Crédit : Jean Dupont\nLe quai.\n"
			   "Lire aussi : Le port de Lorient ferme";
	struct tidy t = tidied(text);

	ck_assert(str_is(t.text, text));
	ck_assert_uint_eq(t.cut_count, 0);
}
END_TEST

START_TEST(full_arena_is_enomem)
{
	struct arena a = { block, block + 128 };
	struct tidy t;

	ck_assert_int_eq(tidy(STR("Lire aussi\nEt puis voila la suite."), &a,
			      &t), -ENOMEM);
}
END_TEST

static void copes(const char *unit, size_t times)
{
	static char text[4 << 20];
	size_t n = strlen(unit);
	struct arena a = { block, block + sizeof(block) };
	struct tidy t;

	ck_assert_uint_le(n * times, sizeof(text));
	for (size_t i = 0; i < times; i++)
		memcpy(text + i * n, unit, n);
	ck_assert_int_eq(tidy((struct str){ text, n * times }, &a, &t), 0);
}

START_TEST(hostile_texts_are_read_in_linear_time)
{
	copes("mot ", 1 << 18);
	copes("\n", 100000);
	copes("Comments\n", 100000);
	copes("Signaler un abus\nx\n", 50000);
	copes("Signaler un abus\n", 50000);
	copes("(", 1 << 20);
	copes("Par Aa Bb\nx. y\n", 50000);
	copes("\u00A0", 1 << 20);
	copes("Leave a Reply\nVoici une phrase.\n", 30000);
}
END_TEST

START_TEST(text_longer_than_an_article_stays)
{
	const char *line = "\nLire aussi : un titre\n";
	size_t n = strlen(line);
	static char text[TIDY_BYTES_MAX + 1];
	struct arena a = { block, block + sizeof(block) };
	struct tidy t;

	memset(text, 'a', sizeof(text));
	memcpy(text + sizeof(text) / 2, line, n);
	ck_assert_int_eq(tidy((struct str){ text, TIDY_BYTES_MAX }, &a, &t),
			 0);
	ck_assert_uint_eq(t.cut_count, 1);
	ck_assert_int_eq(tidy((struct str){ text, sizeof(text) }, &a, &t), 0);
	ck_assert_uint_eq(t.cut_count, 0);
	ck_assert_uint_eq(t.text.n, sizeof(text));
}
END_TEST

START_TEST(name_of_each_kind_is_its_own)
{
	for (int i = 0; i < TIDY_KINDS; i++)
		for (int k = 0; k < i; k++)
			ck_assert_str_ne(tidy_name((enum tidy_kind)i),
					 tidy_name((enum tidy_kind)k));
	ck_assert_str_eq(tidy_name(TIDY_SHARE), "share-counter");
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(plain_article_is_untouched_view),
		CHECK_TEST(navigation_is_cut_sentences_stay),
		CHECK_TEST(consent_is_cut_sentences_stay),
		CHECK_TEST(date_lines_are_cut_dates_in_text_stay),
		CHECK_TEST(date_stamp_at_the_head_is_cut_as_text_split_does),
		CHECK_TEST(share_counters_are_cut_numbers_stay),
		CHECK_TEST(credits_are_cut_sentences_stay),
		CHECK_TEST(byline_is_cut_and_says_author_and_date),
		CHECK_TEST(first_line_byline_is_a_title_unless_dated),
		CHECK_TEST(dateline_is_cut_brackets_in_text_stay),
		CHECK_TEST(related_is_cut_sentences_stay),
		CHECK_TEST(tags_are_cut_sentences_stay),
		CHECK_TEST(comments_from_the_box_on_are_cut),
		CHECK_TEST(comments_longer_than_the_article_are_cut),
		CHECK_TEST(abuse_mark_takes_its_comment_along),
		CHECK_TEST(abuse_mark_leaves_the_article_above),
		CHECK_TEST(more_is_cut_sentences_stay),
		CHECK_TEST(glued_pieces_are_cut_one_by_one),
		CHECK_TEST(empty_lines_around_a_cut_become_one_gap),
		CHECK_TEST(more_than_half_is_never_cut),
		CHECK_TEST(full_arena_is_enomem),
		CHECK_TEST(hostile_texts_are_read_in_linear_time),
		CHECK_TEST(text_longer_than_an_article_stays),
		CHECK_TEST(name_of_each_kind_is_its_own),
		CHECK_END,
	};

	return check_main("tidy", tests);
}
