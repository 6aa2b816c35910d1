#include "parse/language.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "parse/language_words.h"
#include "tests/check_main.h"

static void is(const char *text, const char *want)
{
	const char *got = language_of(str_of(text));

	if (!want)
		ck_assert_msg(!got, "%s: %s", text, got);
	else
		ck_assert_msg(got && !strcmp(got, want), "%s: %s", text,
			      got ? got : "NULL");
}

START_TEST(language_of_the_seven_is_told)
{
	is("Le nouveau quai du port sera ouvert au printemps, et la ville en "
	   "attend plusieurs centaines d'emplois pour les jeunes.", "fr");
	is("The new quay will be opened in the spring, and the town hopes that "
	   "it will bring several hundred jobs to young people.", "en");
	is("Der neue Kai wird im Frühjahr eröffnet, und die Stadt hofft, dass "
	   "er einige hundert Arbeitsplätze für junge Leute bringt.", "de");
	is("El nuevo muelle se abrirá en primavera y la ciudad espera que "
	   "traiga varios cientos de empleos para los jóvenes.", "es");
	is("Il nuovo molo sarà aperto in primavera e la città spera che porti "
	   "alcune centinaia di posti di lavoro per i giovani.", "it");
	is("De nieuwe kade wordt in het voorjaar geopend en de stad hoopt dat "
	   "zij enkele honderden banen voor jongeren zal brengen.", "nl");
	is("O novo cais será aberto na primavera e a cidade espera que ele "
	   "traga algumas centenas de empregos para os jovens.", "pt");
}
END_TEST

START_TEST(language_of_neighbours_is_other)
{
	is("El nou moll s'obrirà a la primavera i la ciutat espera que amb "
	   "això hi hagi més feina per als joves d'aquest barri.", "other");
	is("Noul chei va fi deschis în primăvară, iar orașul speră că acesta "
	   "va aduce câteva sute de locuri de muncă pentru tineri.", "other");
	is("O novo peirao abrirase na primavera e a cidade agarda que unha "
	   "parte dos mozos atope nel un emprego, máis tamén os maiores.",
	   "other");
	is("Den nye kaj bliver åbnet til foråret, og byen håber, at den vil "
	   "give flere hundrede job til de unge, som ikke har et.", "other");
	is("Den nya kajen öppnas till våren och staden hoppas att den ska ge "
	   "flera hundra jobb för de unga som inte har något.", "other");
	is("Nowe nabrzeże zostanie otwarte na wiosnę i miasto ma nadzieję, że "
	   "przyniesie ono kilkaset miejsc pracy dla młodych.", "other");
	is("Die nuwe kaai sal in die lente oopgemaak word en die stad hoop dat "
	   "dit baie werk vir jong mense gaan bring, want hulle het nie.",
	   "other");
	is("Nové nábřeží se otevře na jaře a město doufá, že přinese několik "
	   "set pracovních míst pro mladé lidi, kteří je nemají.", "other");
	is("Uusi laituri avataan keväällä, ja kaupunki toivoo, että se tuo "
	   "satoja työpaikkoja nuorille, jotka ovat ilman työtä.", "other");
	is("Az új rakpart tavasszal nyílik meg, és a város azt reméli, hogy "
	   "több száz állást hoz majd a fiataloknak.", "other");
}
END_TEST

START_TEST(language_of_other_scripts_is_other)
{
	is("Новая набережная откроется весной, и город надеется на рабочие "
	   "места для молодых.", "other");
	is("Η νέα προβλήτα θα ανοίξει την άνοιξη.", "other");
	is("新しい埠頭は春に開業する予定で、市は若者の雇用に期待している。",
	   "other");
}
END_TEST

START_TEST(language_of_short_text_is_unknown)
{
	is("", NULL);
	is("Brest", NULL);
	is("12 345 678,90", NULL);
	is("... !!! ???", NULL);
}
END_TEST

START_TEST(language_of_names_alone_is_other)
{
	is("Microsoft Azure Google Cloud Amazon Kubernetes Docker Terraform "
	   "Jenkins Prometheus Grafana Ansible", "other");
}
END_TEST

START_TEST(language_capitals_and_apostrophes_are_read)
{
	is("L’ÉTÉ À BREST, C’EST LE PORT QUI EST À LA FÊTE ET NON LA VILLE",
	   "fr");
	is("ÜBER DEN KAI UND DIE STADT WIRD NICHT NUR IM RATHAUS GESPROCHEN",
	   "de");
}
END_TEST

START_TEST(language_foreign_quotation_does_not_disturb)
{
	is("« The quay is ours », a dit le maire aux ouvriers qui étaient "
	   "venus dans la salle avec leurs familles pour le voir.", "fr");
}
END_TEST

START_TEST(language_of_opening_quotation_is_not_the_texts)
{
	is("“We have waited for this quay for ten years and now it is ours”, "
	   "a dit le maire aux ouvriers qui étaient venus dans la salle avec "
	   "leurs familles. Le nouveau quai du port sera ouvert au printemps, "
	   "et la ville en attend plusieurs centaines d'emplois pour ceux qui "
	   "ont été les premiers à le demander.", "fr");
}
END_TEST

START_TEST(language_of_long_text_is_told_by_its_head)
{
	char text[4096] = "";
	size_t n = 0;

	/* What stands behind a clear start is not looked at. */
	while (n < 400)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%s",
				      "Der Kai wird im Frühjahr eröffnet, und "
				      "die Stadt hofft auf eine Einnahme. ");
	while (n < 3900)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%s",
				      "the town and the quay that it has ");
	is(text, "de");
}
END_TEST

START_TEST(language_of_words_thrown_together_is_other)
{
	char text[4096] = "";
	size_t n = 0;

	while (n < 3900)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%s",
				      "turbine wind harbour granite lantern ");
	is(text, "other");
}
END_TEST

START_TEST(language_broken_and_cut_utf8_is_read)
{
	is("le quai est dans la ville, et la mer \xC3", "fr");
	is("le quai est dans la ville, et la mer \xE2\x80", "fr");
	is("\xE2\xC2\xE3", NULL);
	is("\xC2", NULL);
}
END_TEST

START_TEST(words_are_in_order_and_of_known_languages)
{
	for (unsigned byte = 0; byte < 256; byte++) {
		const struct language_words *words = &language_words[byte];

		for (size_t i = 0; i < words->n; i++) {
			const struct language_word *w = &words->v[i];

			ck_assert_uint_eq((unsigned char)w->z[0], byte);
			ck_assert_uint_ne(w->languages, 0);
			ck_assert_uint_lt(w->languages, 1u << LANGUAGES);
			ck_assert_msg(!i || memcmp(words->v[i - 1].z, w->z,
						   sizeof(w->z)) < 0,
				      "%.8s is not in order", w->z);
		}
	}
}
END_TEST

int main(void)
{
	const struct check_test tests[] = {
		CHECK_TEST(language_of_the_seven_is_told),
		CHECK_TEST(language_of_neighbours_is_other),
		CHECK_TEST(language_of_other_scripts_is_other),
		CHECK_TEST(language_of_short_text_is_unknown),
		CHECK_TEST(language_of_names_alone_is_other),
		CHECK_TEST(language_capitals_and_apostrophes_are_read),
		CHECK_TEST(language_foreign_quotation_does_not_disturb),
		CHECK_TEST(language_of_opening_quotation_is_not_the_texts),
		CHECK_TEST(language_of_long_text_is_told_by_its_head),
		CHECK_TEST(language_of_words_thrown_together_is_other),
		CHECK_TEST(language_broken_and_cut_utf8_is_read),
		CHECK_TEST(words_are_in_order_and_of_known_languages),
		CHECK_END,
	};

	return check_main("language", tests);
}
