/* The words that pages put around an article, in seven languages, as
 * parse/fold.h spells them. How far a phrase may be trusted is said with it:
 * what could begin a sentence asks for a sign that it does not. */
#include <stdio.h>
#include <string.h>

#include "base/unicode.h"
#include "parse/tidy_parts.h"

enum how {
	WHOLE, /* all of the line, but for signs and a count */
	COLON, /* then a colon or another sign, or nothing */
	SHORT, /* then a few words that are no sentence */
	BEGIN, /* however it goes on, in a line of moderate length */
};

struct phrase {
	const char *z;
	enum tidy_kind kind;
	enum how how;
	unsigned places;
};

enum {
	COLON_MAX = 300, /* bytes of a line */
	SHORT_MAX = 160,
	BEGIN_MAX = 700,
	CREDIT_MAX = 90,
};

#define NAV(z) { z, TIDY_NAVIGATION, WHOLE, TIDY_ANY }
#define NAV_EDGE(z) { z, TIDY_NAVIGATION, WHOLE, TIDY_HEAD | TIDY_TAIL }
#define NAV_HEAD(z) { z, TIDY_NAVIGATION, BEGIN, TIDY_HEAD }
#define CONSENT(z) { z, TIDY_CONSENT, BEGIN, TIDY_HEAD | TIDY_TAIL }
#define CONSENT_ALL(z) { z, TIDY_CONSENT, WHOLE, TIDY_ANY }
#define SHARE(z) { z, TIDY_SHARE, WHOLE, TIDY_ANY }
#define SHARE_COLON(z) { z, TIDY_SHARE, COLON, TIDY_ANY }
#define CREDIT(z) { z, TIDY_CREDIT, COLON, TIDY_ANY }
#define RELATED(z) { z, TIDY_RELATED, COLON, TIDY_ANY }
#define RELATED_SHORT(z) { z, TIDY_RELATED, SHORT, TIDY_ANY }
#define RELATED_TAIL(z) { z, TIDY_RELATED, WHOLE, TIDY_TAIL }
#define TAGS(z) { z, TIDY_TAGS, COLON, TIDY_HEAD | TIDY_TAIL }
#define TAGS_ANY(z) { z, TIDY_TAGS, COLON, TIDY_ANY }
#define ABUSE(z) { z, TIDY_ABUSE, WHOLE, TIDY_ANY }
#define MORE(z) { z, TIDY_MORE, WHOLE, TIDY_ANY }

static const struct phrase phrases[] = {
	NAV("passer au contenu"), NAV("aller au contenu"),
	NAV("aller au contenu principal"), NAV("passer au contenu principal"),
	NAV("acceder au contenu"), NAV("acceder au contenu principal"),
	NAV("skip to content"), NAV("skip to main content"),
	NAV("skip to the content"), NAV("skip to navigation"),
	NAV("skip navigation"), NAV("jump to content"),
	NAV("jump to navigation"), NAV("zum inhalt springen"),
	NAV("direkt zum inhalt"), NAV("zum hauptinhalt springen"),
	NAV("saltar al contenido"), NAV("ir al contenido"),
	NAV("pasar al contenido principal"), NAV("vai al contenuto"),
	NAV("salta al contenuto"), NAV("salta al contenuto principale"),
	NAV("ga naar inhoud"), NAV("ga naar de inhoud"),
	NAV("doorgaan naar inhoud"), NAV("overslaan en naar de inhoud gaan"),
	NAV("ir para o conteudo"), NAV("saltar para o conteudo"),
	NAV("pular para o conteudo"), NAV("retour en haut"),
	NAV("haut de page"), NAV("back to top"), NAV("nach oben"),
	NAV("volver arriba"), NAV("torna su"), NAV("voltar ao topo"),
	NAV_EDGE("menu"), NAV_EDGE("rechercher"), NAV_EDGE("search"),
	NAV_EDGE("fermer"), NAV_EDGE("ouvrir le menu"),
	NAV_EDGE("toggle navigation"), NAV_EDGE("suche"),
	NAV_EDGE("article suivant"), NAV_EDGE("article precedent"),
	NAV_EDGE("next article"), NAV_EDGE("previous article"),
	NAV_EDGE("imprimer"), NAV_EDGE("print"), NAV_EDGE("imprimer l'article"),
	NAV_HEAD("vous etes ici :"), NAV_HEAD("vous etes ici:"),
	NAV_HEAD("you are here:"), NAV_HEAD("sie sind hier:"),
	NAV_HEAD("accueil >"), NAV_HEAD("home >"), NAV_HEAD("startseite >"),
	NAV_HEAD("inicio >"), NAV_HEAD("accueil /"), NAV_HEAD("home /"),

	CONSENT("pour gerer vos consentements"),
	CONSENT("vos consentements :"),
	CONSENT_ALL("gerer mes cookies"), CONSENT_ALL("gerer les cookies"),
	CONSENT_ALL("tout accepter"), CONSENT_ALL("tout refuser"),
	CONSENT_ALL("accepter et continuer"), CONSENT_ALL("accepter et fermer"),
	CONSENT_ALL("continuer sans accepter"),
	CONSENT_ALL("parametrer les cookies"),
	CONSENT_ALL("gerer mes preferences"), CONSENT_ALL("accept all"),
	CONSENT_ALL("accept all cookies"), CONSENT_ALL("accept cookies"),
	CONSENT_ALL("reject all"), CONSENT_ALL("manage consent"),
	CONSENT_ALL("manage cookies"), CONSENT_ALL("cookie settings"),
	CONSENT_ALL("cookie preferences"), CONSENT_ALL("alle akzeptieren"),
	CONSENT_ALL("cookies akzeptieren"), CONSENT_ALL("aceptar todo"),
	CONSENT_ALL("aceptar cookies"), CONSENT_ALL("accetta tutti"),
	CONSENT_ALL("alles accepteren"), CONSENT_ALL("aceitar todos"),
	CONSENT("ce contenu est bloque car vous n'avez pas accepte"),

	SHARE("send this to a friend"), SHARE("envoyer a un ami"),
	SHARE("envoyer par e-mail"), SHARE("envoyer par mail"),
	SHARE("share this"), SHARE("share this article"),
	SHARE("share this story"), SHARE("share this post"),
	SHARE("share on facebook"), SHARE("share on twitter"),
	SHARE("share via email"), SHARE("email this article"),
	SHARE("partager"), SHARE("partager l'article"),
	SHARE("partager cet article"), SHARE("partagez cet article"),
	SHARE("partager sur facebook"), SHARE("partager sur twitter"),
	SHARE("partager sur linkedin"), SHARE("copier le lien"),
	SHARE("copy link"), SHARE("artikel teilen"), SHARE("teilen"),
	SHARE("compartir"), SHARE("comparte esto"), SHARE("condividi"),
	SHARE("condividi su facebook"), SHARE("delen"), SHARE("deel dit"),
	SHARE("deel dit artikel"), SHARE("compartilhar"), SHARE("partilhar"),
	SHARE_COLON("share this"), SHARE_COLON("partager"),
	SHARE_COLON("partager sur"), SHARE_COLON("share on"),
	SHARE_COLON("partager :"), SHARE_COLON("teilen mit"),

	CREDIT("credit"), CREDIT("credits"), CREDIT("credit photo"),
	CREDIT("credits photo"), CREDIT("credit photos"),
	CREDIT("credits photos"), CREDIT("credit image"),
	CREDIT("photo credit"), CREDIT("image credit"),
	CREDIT("picture credit"), CREDIT("photo"), CREDIT("photos"),
	CREDIT("image"), CREDIT("illustration"), CREDIT("foto"),
	CREDIT("fotos"), CREDIT("bild"), CREDIT("bildnachweis"),
	CREDIT("bildquelle"), CREDIT("fotocredit"), CREDIT("copyright"),
	CREDIT("(c)"), CREDIT("immagine"), CREDIT("imagen"),
	CREDIT("photo by"), CREDIT("foto de"), CREDIT("foto di"),

	RELATED("lire aussi"), RELATED("a lire aussi"), RELATED("a lire"),
	RELATED("a lire egalement"), RELATED("lire egalement"),
	RELATED("lisez aussi"), RELATED("voir aussi"), RELATED("a voir aussi"),
	RELATED("a ecouter aussi"), RELATED("a decouvrir aussi"),
	RELATED("sur le meme sujet"), RELATED("sur le meme theme"),
	RELATED("pour aller plus loin"), RELATED("lire notre article"),
	RELATED("notre dossier"), RELATED("read also"), RELATED("also read"),
	RELATED("read more"), RELATED("read next"), RELATED("see also"),
	RELATED("related"), RELATED("related articles"),
	RELATED("related stories"), RELATED("related posts"),
	RELATED("more on this story"), RELATED("you may also like"),
	RELATED("recommended"), RELATED("lesen sie auch"),
	RELATED("lesen sie mehr"), RELATED("mehr zum thema"),
	RELATED("auch interessant"), RELATED("lea tambien"),
	RELATED("lee tambien"), RELATED("te puede interesar"),
	RELATED("noticias relacionadas"), RELATED("mas informacion"),
	RELATED("leggi anche"), RELATED("potrebbe interessarti"),
	RELATED("articoli correlati"), RELATED("lees ook"),
	RELATED("lees meer"), RELATED("leia tambem"), RELATED("leia mais"),
	RELATED("veja tambem"), RELATED("ler tambem"),
	RELATED("articles similaires"), RELATED("articles lies"),
	RELATED("articles associes"),
	RELATED_SHORT("lire aussi"), RELATED_SHORT("a lire aussi"),
	RELATED_SHORT("a lire egalement"), RELATED_SHORT("lire egalement"),
	RELATED_SHORT("read also"), RELATED_SHORT("also read"),
	RELATED_SHORT("lesen sie auch"), RELATED_SHORT("lea tambien"),
	RELATED_SHORT("leggi anche"), RELATED_SHORT("lees ook"),
	RELATED_SHORT("leia tambem"),
	{ "dans la meme categorie", TIDY_RELATED, BEGIN, 0 },
	RELATED_TAIL("les plus lus"), RELATED_TAIL("most read"),
	RELATED_TAIL("most popular"), RELATED_TAIL("les plus populaires"),
	RELATED_TAIL("vous aimerez aussi"), RELATED_TAIL("meistgelesen"),

	TAGS("tags"), TAGS("tag"), TAGS_ANY("technorati tags"),
	TAGS("mots-cles"), TAGS("mots cles"), TAGS("keywords"),
	TAGS("etiquettes"), TAGS("filed under"), TAGS("tagged"),
	TAGS("tagged with"), TAGS("categories"), TAGS("categorie"),
	TAGS("category"), TAGS("posted in"), TAGS("classe dans"),
	TAGS("publie dans"), TAGS("schlagworter"), TAGS("schlagworte"),
	TAGS("kategorien"), TAGS("etiquetas"), TAGS("categorias"),
	TAGS("parole chiave"), TAGS("categorie"), TAGS("trefwoorden"),
	TAGS("labels"), TAGS("palavras-chave"), TAGS("topics"),

	ABUSE("signaler un abus"), ABUSE("signaler ce commentaire"),
	ABUSE("signaler ce contenu"), ABUSE("signaler un contenu abusif"),
	ABUSE("signaler au moderateur"), ABUSE("alerter"),
	ABUSE("report abuse"), ABUSE("report comment"),
	ABUSE("report this comment"), ABUSE("flag as inappropriate"),
	ABUSE("missbrauch melden"), ABUSE("kommentar melden"),
	ABUSE("denunciar comentario"), ABUSE("reportar abuso"),
	ABUSE("segnala abuso"), ABUSE("segnala un abuso"),
	ABUSE("misbruik melden"), ABUSE("denunciar abuso"),

	MORE("(suite...) lire la suite"), MORE("suite...) lire la suite"),
	MORE("lire la suite"), MORE("lire la suite de l'article"),
	MORE("lire l'article"), MORE("lire l'article complet"),
	MORE("suite..."), MORE("en savoir plus"), MORE("read more"),
	MORE("continue reading"), MORE("read the full article"),
	MORE("more..."), MORE("weiterlesen"), MORE("mehr lesen"),
	MORE("leer mas"), MORE("seguir leyendo"), MORE("leggi tutto"),
	MORE("continua a leggere"), MORE("lees verder"), MORE("lees meer"),
	MORE("leia mais"), MORE("ler mais"), MORE("continuar a ler"),
};

/* A consent line is a sentence, so two things must be in it. */
static const struct {
	const char *begin, *holds;
} consents[] = {
	{ "nous utilisons des cookies", " experience navigation site publicit"
					" mesure contenu" },
	{ "ce site utilise des cookies", " experience navigation accept"
					 " poursui continu statisti mesure" },
	{ "en poursuivant votre navigation", " cookie accept" },
	{ "we use cookies", " experience site consent accept traffic" },
	{ "this site uses cookies", " experience continu accept agree more" },
	{ "this website uses cookies", " experience continu accept agree" },
	{ "by continuing to use this", " cookie agree" },
	{ "wir verwenden cookies", " website seite nutz zustimm" },
	{ "diese website verwendet cookies", " nutz zustimm einverstanden" },
	{ "utilizamos cookies", " experiencia web site sitio naveg" },
	{ "este sitio web utiliza cookies", " experiencia naveg acept" },
	{ "questo sito utilizza cookie", " esperienza navig accet" },
	{ "utilizziamo i cookie", " esperienza navig sito" },
	{ "deze website gebruikt cookies", " akkoord ervaring gebruik" },
	{ "este site utiliza cookies", " experiencia naveg aceit" },
};

static bool begins(struct str words, const char *z)
{
	return str_starts(words, str_of(z));
}

static bool is_word_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
	       (unsigned char)c >= 0x80;
}

/* Signs that stand between a label and what it labels. */
static bool is_label_sign(struct str rest)
{
	if (rest.n && rest.p[0] == ' ')
		rest.p++, rest.n--;
	return !rest.n || strchr(":>|*", rest.p[0]) || begins(rest, "- ") ||
	       begins(rest, "(c)") || begins(rest, "...");
}

/* "Lire aussi OVH lève des fonds": what goes on does so like a title. */
static bool goes_on_as_title(const struct tidy_line *l, struct str rest)
{
	size_t skip = 0, n;
	uint32_t c;

	while (skip < rest.n && !is_word_byte(rest.p[skip]))
		skip++;
	rest.p += skip;
	rest.n -= skip;
	if (!rest.n || begins(rest, "notre ") || begins(rest, "nos ") ||
	    begins(rest, "l'article") || begins(rest, "l'interview"))
		return true;
	n = l->f.at[rest.p - l->f.z];
	c = unicode_decode(l->s.p + n, l->s.p + l->s.n, &n);
	return (c >= 'A' && c <= 'Z') || (c >= 0xC0 && c <= 0xDE) ||
	       (c >= '0' && c <= '9');
}

/* Two sentences, or one that is well ended: nobody labels so. */
static bool is_prose(const struct tidy_line *l)
{
	return tidy_is_sentence(l->s) || fold_find(l->s, ". ") < l->s.n;
}

static bool colon_fits(const struct phrase *p, const struct tidy_line *l,
		       struct str rest)
{
	size_t max = p->kind == TIDY_CREDIT ? CREDIT_MAX : COLON_MAX;
	bool has_more = rest.n > 2;

	if ((p->z[0] != '(' && !is_label_sign(rest)) || l->s.n > max)
		return false;
	if (p->kind == TIDY_CREDIT)
		return has_more && !tidy_is_sentence(l->s);
	return !has_more || !is_prose(l);
}

static bool short_fits(const struct tidy_line *l, struct str rest)
{
	size_t n = l->s.n;

	return n <= SHORT_MAX && rest.p[0] == ' ' && !is_prose(l) &&
	       !strchr("?!", l->s.p[n - 1]) && goes_on_as_title(l, rest);
}

static bool fits(const struct phrase *p, const struct tidy_line *l)
{
	struct str words = tidy_words(l), rest;
	size_t n;

	/* Nearly all are told by their first letter. */
	if (p->z[0] != words.p[0] || !begins(words, p->z) ||
	    (p->places && !(p->places & l->places)))
		return false;
	n = strlen(p->z);
	rest = (struct str){ words.p + n, words.n - n };
	if (rest.n && is_word_byte(rest.p[0]) && is_word_byte(p->z[n - 1]))
		return false;
	switch (p->how) {
	case WHOLE:
		return l->f.whole && !rest.n;
	case COLON:
		return colon_fits(p, l, rest);
	case SHORT:
		return !rest.n ? l->f.whole : short_fits(l, rest);
	default:
		return l->s.n <= BEGIN_MAX &&
		       (p->kind != TIDY_RELATED ||
			((!rest.n || rest.p[0] != ',') && !is_prose(l)));
	}
}

/* Does it hold one of the words, which are parted by spaces? */
static bool holds_any(struct str s, const char *list)
{
	struct str rest = str_of(list);
	char z[24];

	while (rest.p) {
		struct str word = str_cut(&rest, ' ');

		snprintf(z, sizeof(z), STR_FMT, STR_ARG(word));
		if (word.n && fold_find(s, z) < s.n)
			return true;
	}
	return false;
}

static bool is_consent(const struct tidy_line *l)
{
	struct str words = tidy_words(l);

	if (!(l->places & (TIDY_HEAD | TIDY_TAIL)) || l->s.n > BEGIN_MAX)
		return false;
	for (size_t i = 0; i < sizeof(consents) / sizeof(*consents); i++) {
		size_t n = strlen(consents[i].begin);

		if (begins(words, consents[i].begin))
			return holds_any((struct str){ words.p + n,
						       words.n - n },
					 consents[i].holds);
	}
	return false;
}

/* "#cloud #OVH": nothing but two tags or more. */
static bool is_hashtags(const struct tidy_line *l)
{
	struct str rest = fold_view(&l->f);
	int n = 0;

	if (!l->f.whole || l->is_post ||
	    !(l->places & (TIDY_HEAD | TIDY_TAIL)))
		return false;
	rest = str_trim(rest);
	while (rest.p) {
		struct str word = str_cut(&rest, ' ');

		if (word.n < 2 || word.p[0] != '#' || !is_word_byte(word.p[1]))
			return false;
		n++;
	}
	return n >= 2;
}

bool tidy_phrase(const struct tidy_line *l, struct tidy_found *found)
{
	size_t n = sizeof(phrases) / sizeof(*phrases);

	if (is_hashtags(l)) {
		found->kind = TIDY_TAGS;
		return true;
	}
	if (l->from >= l->to)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (!fits(&phrases[i], l))
			continue;
		found->kind = phrases[i].kind;
		return true;
	}
	if (!is_consent(l))
		return false;
	found->kind = TIDY_CONSENT;
	return true;
}

/* Heads that stand glued to the text, as they are written. */
static const struct {
	const char *z;
	enum tidy_kind kind;
} heads[] = {
	{ "Passer au contenu principal ", TIDY_NAVIGATION },
	{ "Passer au contenu ", TIDY_NAVIGATION },
	{ "Aller au contenu principal ", TIDY_NAVIGATION },
	{ "Aller au contenu ", TIDY_NAVIGATION },
	{ "Skip to main content ", TIDY_NAVIGATION },
	{ "Skip to Main Content ", TIDY_NAVIGATION },
	{ "skip to Main Content ", TIDY_NAVIGATION },
	{ "Skip to content ", TIDY_NAVIGATION },
	{ "Zum Inhalt springen ", TIDY_NAVIGATION },
	{ "Saltar al contenido ", TIDY_NAVIGATION },
	{ "Vai al contenuto ", TIDY_NAVIGATION },
	{ "Pour gérer vos consentements : Categories: ", TIDY_CONSENT },
	{ "Pour gérer vos consentements : ", TIDY_CONSENT },
	{ "Send this to a friend ", TIDY_SHARE },
};

size_t tidy_phrase_head(const struct tidy_line *l, struct tidy_found *found)
{
	if (!(l->places & TIDY_HEAD))
		return 0;
	for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++) {
		size_t n = strlen(heads[i].z);

		if (!str_starts(l->s, str_of(heads[i].z)))
			continue;
		found->kind = heads[i].kind;
		return n;
	}
	return 0;
}

/* "… (Crédit : D.R.)": where the bracket opens, in s; s.n: nowhere. */
static size_t credit_at(struct str s)
{
	size_t from = s.n > CREDIT_MAX ? s.n - CREDIT_MAX : 0, at = s.n;
	struct tidy_found ignored;
	struct tidy_line l;

	if (!s.n || s.p[s.n - 1] != ')')
		return s.n;
	while (at > from && s.p[at - 1] != '(')
		at--;
	if (at <= from || at < 2)
		return s.n;
	tidy_line_init((struct str){ s.p + at, s.n - 1 - at }, TIDY_BODY, &l);
	if (!tidy_phrase(&l, &ignored) || ignored.kind != TIDY_CREDIT)
		return s.n;
	return at - 1;
}

static const char *const mores[] = {
	"(suite…) Lire la suite", "(suite...) Lire la suite", "(suite…)",
	"(suite...)", "Lire la suite", "Lire la suite…", "Lire la suite...",
	"Lire la suite »", "(more…)", "(more...)", "Read more", "Read more »",
	"Continue reading", "Weiterlesen", "Leer más", "Leggi tutto",
	"Lees meer", "Lees verder", "Leia mais",
};

static bool ends_sentence(struct str s)
{
	static const char *const ends[] = { ".", "!", "?", "…", ")", "]",
					    "»", "”", "\"", "[…]" };

	s = str_trim(s);
	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++)
		if (str_ends(s, str_of(ends[i])))
			return true;
	return false;
}

static size_t more_at(struct str s)
{
	for (size_t i = 0; i < sizeof(mores) / sizeof(*mores); i++) {
		struct str z = str_of(mores[i]);
		size_t at = s.n - z.n;

		if (s.n <= z.n || !str_ends(s, z) || s.p[at - 1] != ' ')
			continue;
		if (z.p[0] == '(' || ends_sentence((struct str){ s.p, at }))
			return at;
	}
	return s.n;
}

size_t tidy_phrase_tail(struct str s, struct tidy_found *found)
{
	size_t at = credit_at(s);

	found->kind = TIDY_CREDIT;
	if (at == s.n) {
		at = more_at(s);
		found->kind = TIDY_MORE;
	}
	while (at && at < s.n && s.p[at - 1] == ' ')
		at--;
	return s.n - at;
}
