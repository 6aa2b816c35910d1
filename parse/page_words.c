#include <string.h>
#include <strings.h>

#include "parse/page_parts.h"

#define WORD(z, kind) { { z, sizeof(z) - 1 }, PAGE_WORD_##kind }

enum { WORD_LONGEST = 17 };

/* In the order of their bytes. Whole words, as sites in several languages call
 * what stands around an article. */
static const struct {
	struct str word;
	enum page_word kind;
} words[] = {
	WORD("abo", ASIDE), WORD("abonne", ASIDE), WORD("abonnement", ASIDE),
	WORD("abonner", ASIDE), WORD("abonnez", ASIDE),
	WORD("abonnieren", ASIDE), WORD("abos", ASIDE), WORD("about", ASIDE),
	WORD("ad", ASIDE), WORD("addthis", ASIDE), WORD("addtoany", ASIDE),
	WORD("ads", ASIDE), WORD("adsense", ASIDE), WORD("adv", ASIDE),
	WORD("advert", ASIDE), WORD("advertisement", ASIDE),
	WORD("advertising", ASIDE), WORD("adverts", ASIDE),
	WORD("aktuelles", ASIDE), WORD("alert", ASIDE),
	WORD("alsoread", ASIDE), WORD("annonce", ASIDE),
	WORD("anuncio", ASIDE), WORD("anzeige", ASIDE),
	WORD("artikelempfehlung", ASIDE), WORD("auteur", ASIDE),
	WORD("auteurs", ASIDE), WORD("author", ASIDE),
	WORD("authorbox", ASIDE), WORD("authors", ASIDE), WORD("autor", ASIDE),
	WORD("autore", ASIDE), WORD("autorem", ASIDE),
	WORD("autorenbox", ASIDE), WORD("bandeau", ASIDE),
	WORD("baner", ASIDE), WORD("banner", ASIDE), WORD("barra", LINKS),
	WORD("bild", CAPTION), WORD("bildnachweis", CAPTION),
	WORD("bildunterschrift", CAPTION), WORD("bio", ASIDE),
	WORD("boilerplate", ASIDE), WORD("bookmark", ASIDE),
	WORD("breadcrumb", LINKS), WORD("breadcrumbnav", ASIDE),
	WORD("breadcrumbs", LINKS), WORD("buttons", ASIDE),
	WORD("byline", ASIDE), WORD("bylines", ASIDE), WORD("callout", ASIDE),
	WORD("caption", CAPTION), WORD("carousel", ASIDE),
	WORD("comentario", COMMENT), WORD("comentarios", COMMENT),
	WORD("comment", COMMENT), WORD("commentaire", COMMENT),
	WORD("commentaires", COMMENT), WORD("commenti", COMMENT),
	WORD("commentlist", COMMENT), WORD("comments", COMMENT),
	WORD("compartir", ASIDE), WORD("condividi", ASIDE),
	WORD("consent", ASIDE), WORD("consentement", ASIDE),
	WORD("contributor", ASIDE), WORD("contributors", ASIDE),
	WORD("cookie", ASIDE), WORD("cookies", ASIDE),
	WORD("copyright", ASIDE), WORD("copyrights", CAPTION),
	WORD("credit", CAPTION), WORD("credits", CAPTION), WORD("cta", ASIDE),
	WORD("dateline", ASIDE), WORD("datenschutz", ASIDE),
	WORD("dfp", ASIDE), WORD("didascalia", CAPTION),
	WORD("disclaimer", ASIDE), WORD("disqus", COMMENT),
	WORD("donate", ASIDE), WORD("donation", ASIDE), WORD("editors", ASIDE),
	WORD("empfehlungen", ASIDE), WORD("entrymeta", ASIDE),
	WORD("errors", ASIDE), WORD("fblike", ASIDE), WORD("flipboard", ASIDE),
	WORD("footer", ASIDE), WORD("footnav", ASIDE), WORD("foto", CAPTION),
	WORD("galerie", ASIDE), WORD("gallery", ASIDE), WORD("gdpr", ASIDE),
	WORD("gigya", ASIDE), WORD("googleads", ASIDE), WORD("helpful", ASIDE),
	WORD("image", CAPTION), WORD("imagecaption", CAPTION),
	WORD("imagen", CAPTION), WORD("images", CAPTION), WORD("img", CAPTION),
	WORD("inscription", ASIDE), WORD("instagram", ASIDE),
	WORD("keywords", ASIDE), WORD("komentarz", COMMENT),
	WORD("komentarze", COMMENT), WORD("kommentar", COMMENT),
	WORD("kommentare", COMMENT), WORD("kontakt", ASIDE),
	WORD("legend", CAPTION), WORD("legenda", CAPTION),
	WORD("legende", CAPTION), WORD("leserkommentare", COMMENT),
	WORD("livefyre", ASIDE), WORD("login", ASIDE),
	WORD("mailchimp", ASIDE), WORD("masthead", ASIDE),
	WORD("meistgelesen", ASIDE), WORD("mentions", ASIDE),
	WORD("menu", LINKS), WORD("merken", ASIDE), WORD("meta", ASIDE),
	WORD("metadata", ASIDE), WORD("metainfo", ASIDE), WORD("modal", ASIDE),
	WORD("moreinfo", ASIDE), WORD("mostpopular", ASIDE),
	WORD("mostread", ASIDE), WORD("nav", LINKS), WORD("navbar", LINKS),
	WORD("navi", LINKS), WORD("navigation", LINKS),
	WORD("newsletter", ASIDE), WORD("nieuwsbrief", ASIDE),
	WORD("noprint", ASIDE), WORD("notification", ASIDE),
	WORD("optin", ASIDE), WORD("outbrain", ASIDE), WORD("overlay", ASIDE),
	WORD("pagenav", ASIDE), WORD("pager", ASIDE), WORD("pagetools", ASIDE),
	WORD("pagination", ASIDE), WORD("partage", ASIDE),
	WORD("partager", ASIDE), WORD("partenaires", ASIDE),
	WORD("partilhar", ASIDE), WORD("partner", ASIDE),
	WORD("paywall", ASIDE), WORD("photo", CAPTION),
	WORD("photocredit", CAPTION), WORD("piano", ASIDE),
	WORD("pic", CAPTION), WORD("picture", CAPTION),
	WORD("pinterest", ASIDE), WORD("podobne", ASIDE),
	WORD("podpis", CAPTION), WORD("polecane", ASIDE), WORD("popin", ASIDE),
	WORD("popular", ASIDE), WORD("popup", ASIDE), WORD("postmeta", ASIDE),
	WORD("postnav", ASIDE), WORD("powered", ASIDE),
	WORD("printonly", ASIDE), WORD("privacy", ASIDE), WORD("promo", ASIDE),
	WORD("promotion", ASIDE), WORD("pubdate", ASIDE),
	WORD("publicidad", ASIDE), WORD("publicite", ASIDE),
	WORD("pushdown", ASIDE), WORD("rail", LINKS), WORD("rating", ASIDE),
	WORD("reacciones", COMMENT), WORD("reacties", COMMENT),
	WORD("reactions", ASIDE), WORD("readmore", ASIDE),
	WORD("readnext", ASIDE), WORD("recirc", ASIDE),
	WORD("recirculation", ASIDE), WORD("recommend", ASIDE),
	WORD("recommendations", ASIDE), WORD("recommended", ASIDE),
	WORD("reklama", ASIDE), WORD("reklame", ASIDE),
	WORD("relacionadas", ASIDE), WORD("relacionados", ASIDE),
	WORD("related", ASIDE), WORD("relatednews", ASIDE),
	WORD("relatedposts", ASIDE), WORD("reply", COMMENT),
	WORD("respond", COMMENT), WORD("rss", ASIDE), WORD("seealso", ASIDE),
	WORD("share", ASIDE), WORD("sharebar", ASIDE), WORD("sharebox", ASIDE),
	WORD("sharebuttons", ASIDE), WORD("sharedaddy", ASIDE),
	WORD("sharetools", ASIDE), WORD("shariff", ASIDE),
	WORD("sidebar", ASIDE), WORD("sidebars", ASIDE), WORD("signin", ASIDE),
	WORD("signup", ASIDE), WORD("similaires", ASIDE),
	WORD("similar", ASIDE), WORD("sitefooter", ASIDE),
	WORD("siteheader", ASIDE), WORD("skip", ASIDE),
	WORD("slideshow", ASIDE), WORD("smartbanner", ASIDE),
	WORD("social", ASIDE), WORD("sociale", ASIDE),
	WORD("socialmedia", ASIDE), WORD("soziale", ASIDE),
	WORD("sponsor", ASIDE), WORD("sponsored", ASIDE),
	WORD("spotim", ASIDE), WORD("subscribe", ASIDE),
	WORD("subscriber", ASIDE), WORD("subscribers", ASIDE),
	WORD("subscription", ASIDE), WORD("suggested", ASIDE),
	WORD("suggestions", ASIDE), WORD("taboola", ASIDE), WORD("tag", LINKS),
	WORD("tagcloud", ASIDE), WORD("tagged", ASIDE), WORD("tagi", ASIDE),
	WORD("taglist", ASIDE), WORD("tags", LINKS), WORD("taxonomy", ASIDE),
	WORD("teaser", LINKS), WORD("teasers", ASIDE), WORD("teilen", ASIDE),
	WORD("ticker", LINKS), WORD("timestamp", ASIDE), WORD("toc", LINKS),
	WORD("toolbar", ASIDE), WORD("tools", ASIDE), WORD("tooltip", ASIDE),
	WORD("topbar", ASIDE), WORD("topics", LINKS), WORD("trending", ASIDE),
	WORD("tweet", ASIDE), WORD("twitter", ASIDE),
	WORD("udostepnij", ASIDE), WORD("upsell", ASIDE),
	WORD("verwandte", ASIDE), WORD("viafoura", ASIDE),
	WORD("visual", CAPTION), WORD("visuallyhidden", ASIDE),
	WORD("vote", ASIDE), WORD("weiterlesen", ASIDE),
	WORD("werbung", ASIDE), WORD("whatsapp", ASIDE), WORD("yarpp", ASIDE),
	WORD("zdjecie", CAPTION), WORD("zergnet", ASIDE),
	WORD("zobacz", ASIDE),
};

enum page_word page_word_of(struct str word)
{
	size_t low = 0, high = sizeof(words) / sizeof(*words);
	char small[WORD_LONGEST];
	struct str s = { small, word.n };

	if (word.n > sizeof(small))
		return PAGE_WORD_NONE;
	for (size_t i = 0; i < word.n; i++)
		small[i] = (char)(word.p[i] >= 'A' && word.p[i] <= 'Z' ?
					  word.p[i] + 32 :
					  word.p[i]);
	while (low < high) {
		size_t middle = (low + high) / 2;
		int order = str_cmp(words[middle].word, s);

		if (!order)
			return words[middle].kind;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return PAGE_WORD_NONE;
}

static bool is_like(struct str word, const char *const *names)
{
	for (; *names; names++)
		if (word.n == strlen(*names) &&
		    !strncasecmp(word.p, *names, word.n))
			return true;
	return false;
}

bool page_is_named_body(const struct dom *d, uint32_t i)
{
	static const char *const things[] = {
		"article", "entry", "post", "story", "artikel", "articolo",
		"articulo", "artykul", NULL,
	};
	static const char *const texts[] = {
		"body", "content", "text", "texte", "texto", "testo",
		"contenu", "contenido", "inhalt", "tresc", NULL,
	};
	static const char *const both[] = {
		"articlebody", "articletext", "articlecontent", "entrycontent",
		"postcontent", "postbody", "storybody", "storytext", NULL,
	};
	struct str in[] = { dom_attribute(d, i, "itemprop"),
			    dom_attribute(d, i, "class"),
			    dom_attribute(d, i, "id") };
	struct str word;

	for (size_t k = 0; k < 3; k++) {
		bool thing = false, text = false;

		while (in[k].p && dom_next_word(&in[k], &word)) {
			if (is_like(word, both))
				return true;
			thing = thing || is_like(word, things);
			text = text || is_like(word, texts);
		}
		if (thing && text)
			return true;
	}
	return false;
}
