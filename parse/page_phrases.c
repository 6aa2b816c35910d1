#include <strings.h>

#include "parse/page_parts.h"

#define P(z) { z, sizeof(z) - 1 }

enum { BARE = 16 }; /* bytes of "Comments (12)" */

/* How lines begin that stand at a picture or an advertisement. */
static const struct str labels[] = {
	P("advertis"), P("anzeige"), P("annonce"), P("publicit"),
	P("pubblicit"), P("publicidad"), P("reklam"), P("werbung"),
	P("sponsored"), P("photo:"), P("photo by"), P("photo credit"),
	P("photographer"), P("foto:"), P("fotos:"), P("bild:"), P("bilder:"),
	P("image:"), P("image credit"), P("image source"), P("image caption"),
	P("picture:"), P("credit:"), P("cr\u00E9dit"), P("fot."), P("quelle:"),
	P("\u00A9"), P("copyright"), P("video:"), P("(photo"), P("(foto"),
	P("(artist"), P("(image"),
	{ NULL, 0 },
};

/* … and those that say who wrote the article, and when. */
static const struct str bylines[] = {
	P("by "), P("by:"), P("von "), P("par "), P("por "), P("door "),
	P("author"), P("auteur"), P("autor"), P("redakc"), P("written by"),
	P("published"), P("publi\u00E9"), P("publicado"), P("pubblicato"),
	P("ver\u00F6ffentlicht"), P("aktualisiert"), P("erstellt"),
	P("updated"), P("last updated"), P("mis \u00E0 jour"),
	P("mise \u00E0 jour"), P("actualizado"), P("aggiornato"),
	P("stand:"), P("data publikacji"), P("opublikowano"), P("posted on"),
	P("geplaatst"), P("gepubliceerd"),
	{ NULL, 0 },
};

/* … and those that lead elsewhere, or ask for something. */
static const struct str leads[] = {
	P("read more"), P("read also"), P("read next"), P("also read"),
	P("related"), P("see also"), P("more from"), P("more on"),
	P("more about"), P("more in"), P("more stories"), P("recommended"),
	P("you may also"), P("you might also"), P("don't miss"),
	P("don\u2019t miss"), P("subscribe"), P("sign up"), P("newsletter"),
	P("follow us"), P("share this"), P("share on"), P("click here to"),
	P("click here for"), P("join the"), P("join our"), P("filed under"),
	P("tags:"), P("tagged"), P("posted in"), P("posted by"), P("categor"),
	P("leave a"), P("your email"), P("support us"), P("support our"),
	P("donate"), P("all rights reserved"), P("latest"), P("most read"),
	P("most popular"), P("trending"), P("up next"), P("next article"),
	P("previous article"), P("next post"), P("previous post"),
	P("top stories"), P("get the latest"), P("loading"), P("\u2190"),
	P("\u2192"), P("lire aussi"), P("lire \u00E9galement"), P("a lire"),
	P("\u00E0 lire"), P("\u00C0 lire"), P("lire la suite"), P("lire plus"),
	P("voir aussi"), P("sur le m\u00EAme"), P("dans la m\u00EAme"),
	P("partager"), P("abonnez"), P("s'abonner"), P("s\u2019abonner"),
	P("inscrivez"), P("suivez"), P("recevez"), P("tous droits"),
	P("nos autres"), P("articles similaires"), P("commentaires"),
	P("laisser un"), P("votre adresse"), P("en savoir plus"),
	P("pour aller plus loin"), P("mots-cl"), P("plus d'articles"),
	P("d\u00E9couvrez"), P("signaler"), P("imprimer"), P("mehr zum"),
	P("mehr zu"), P("mehr \u00FCber"), P("mehr aus"), P("mehr lesen"),
	P("lesen sie"), P("lies auch"), P("lesetipp"), P("weitere"),
	P("weiterlesen"), P("weiterf\u00FChrende"), P("auch interessant"),
	P("das k\u00F6nnte"), P("\u00E4hnliche"), P("entdecke"),
	P("verwandte"), P("zum thema"), P("passend"), P("teilen"),
	P("diesen artikel"), P("dieser artikel"), P("alle rechte"),
	P("hinterlasse"), P("schreibe einen"), P("schlagw"), P("folgen sie"),
	P("jetzt abonnieren"), P("abonnieren"), P("anmelden"),
	P("gef\u00E4llt"), P("vorschau"), P("zur startseite"), P("kommentar"),
	P("kategorie"), P("n\u00E4chster"), P("vorheriger"), P("drucken"),
	P("artikel teilen"), P("sofern nicht"), P("leer tambi"),
	P("lea tambi"), P("lee tambi"), P("le puede"), P("te puede"),
	P("tambi\u00E9n te"), P("temas relacionados"), P("relacionad"),
	P("m\u00E1s informaci"), P("m\u00E1s noticias"), P("compartir"),
	P("suscr"), P("s\u00EDguenos"), P("todos los derechos"),
	P("comentarios"), P("etiquetas"), P("leggi anche"), P("leggi tutto"),
	P("potrebbe interess"), P("potrebbero"), P("articoli correlati"),
	P("condividi"), P("iscriviti"), P("tutti i diritti"), P("czytaj tak"),
	P("czytaj te"), P("czytaj wi"), P("czytaj r"), P("zobacz tak"),
	P("zobacz te"), P("zobacz r"), P("przeczytaj"), P("polecamy"),
	P("polecane"), P("podobne"), P("wi\u0119cej"), P("udost"),
	P("wszelkie prawa"), P("komentarze"), P("tagi"), P("czytasz"),
	P("lees ook"), P("lees verder"), P("lees meer"), P("meer over"),
	P("meer nieuws"), P("gerelateerd"), P("deel dit"), P("delen"),
	P("alle rechten"), P("reageer"), P("reacties"), P("leia tamb"),
	P("leia mais"), P("veja tamb"), P("saiba mais"), P("compartilh"),
	P("about the author"), P("about the writer"), P("about author"),
	P("\u00DCber den autor"), P("\u00DCber die autor"),
	P("\u00C0 propos de l"), P("\u00E0 propos de l"),
	P("sobre el autor"), P("sobre la autora"), P("sobre o autor"),
	P("sull'autore"), P("over de auteur"), P("o autorze"), P("read:"),
	P("read the full"), P("read full"), P("watch:"), P("watch now"),
	P("listen:"), P("story continues"), P("article continues"),
	P("continue reading"), P("keep reading"), P("also on"), P("more:"),
	P("more coverage"), P("learn more"), P("view this post"),
	P("a post shared by"), P("follow him"), P("follow her"),
	P("this article was originally"), P("this story was originally"),
	P("this article originally"), P("originally published"),
	P("what to read next"), P("editors' picks"), P("editor's picks"),
	P("editor\u2019s picks"), P("show comments"), P("view comments"),
	P("skip to"), P("scroll to"),
	{ NULL, 0 },
};

/* What readers write … */
static const struct str comments[] = {
	P("comment"), P("kommentar"), P("comentario"), P("coment\u00E1rio"),
	P("reactie"), P("komentarz"),
	{ NULL, 0 },
};

/* … alone on a line, unlike a "Commentary" … */
static const struct str bare[] = {
	P("comments"), P("kommentare"), P("commentaires"), P("comentarios"),
	P("coment\u00E1rios"), P("reacties"), P("komentarze"),
	{ NULL, 0 },
};

/* … also, when they are counted … */
static const struct str answers[] = {
	P("response"), P("thought"), P("repl"), P("antwort"), P("gedanke"),
	P("r\u00E9ponse"), P("r\u00E9action"), P("respuesta"),
	P("risposte"), P("odpowied"),
	{ NULL, 0 },
};

/* … and one of it. */
static const struct str ones[] = {
	P("one "), P("ein "), P("eine "), P("un "), P("une "), P("una "),
	P("uno "), P("um "), P("een "), P("leave a "), P("all "), P("alle "),
	P("laisser un "), P("deja un "), P("lascia un "),
	{ NULL, 0 },
};

static char small(char c)
{
	return (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
}

/* Bytes of the phrase that it begins with; 0 for none. */
static size_t begins(struct str s, const struct str *phrases)
{
	if (!s.n)
		return 0;
	for (; phrases->n; phrases++)
		if (phrases->p[0] == small(s.p[0]) && s.n >= phrases->n &&
		    !strncasecmp(s.p, phrases->p, phrases->n))
			return phrases->n;
	return 0;
}

/* What may stand before the words: brackets, arrows, bullets, stars. */
static struct str past_marks(struct str s)
{
	while (s.n && (s.p[0] == '[' || s.p[0] == '>' || s.p[0] == '*' ||
		       s.p[0] == '-' || s.p[0] == '+' || s.p[0] == ' '))
		s.p++, s.n--;
	return s;
}

bool page_is_label(struct str line)
{
	return begins(past_marks(line), labels) > 0;
}

bool page_is_byline(struct str line)
{
	return begins(past_marks(line), bylines) > 0;
}

bool page_leads_away(struct str line)
{
	return begins(past_marks(line), leads) > 0;
}

/* Past a number and a space, or words for one. */
static struct str past_number(struct str s)
{
	size_t n = begins(s, ones);

	if (n)
		return (struct str){ s.p + n, s.n - n };
	while (n < s.n && s.p[n] >= '0' && s.p[n] <= '9')
		n++;
	if (n < s.n && s.p[n] != ' ')
		return s;
	return (struct str){ s.p + n, s.n - n };
}

bool page_heads_comments(struct str line)
{
	struct str all = past_marks(line), rest = past_number(all);

	if (rest.n == all.n)
		return all.n < BARE && begins(all, bare);
	rest = str_trim(rest);
	return begins(rest, comments) || begins(rest, answers);
}
