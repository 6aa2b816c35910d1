#include <string.h>

#include "parse/page_parts.h"

#define WORD(z, kind) { { z, sizeof(z) - 1 }, PAGE_WORD_##kind }

enum { WORD_LONGEST = 16 };

/* In the order of their bytes. Whole words, as sites in several languages call
 * what stands around an article. */
static const struct {
	struct str word;
	enum page_word kind;
} words[] = {
	WORD("abo", ASIDE), WORD("abonnement", ASIDE), WORD("about", ASIDE),
	WORD("ad", ASIDE), WORD("addthis", ASIDE), WORD("ads", ASIDE),
	WORD("adsense", ASIDE), WORD("advert", ASIDE),
	WORD("advertisement", ASIDE), WORD("advertising", ASIDE),
	WORD("alert", ASIDE), WORD("anzeige", ASIDE), WORD("auteur", ASIDE),
	WORD("author", ASIDE), WORD("authors", ASIDE), WORD("autor", ASIDE),
	WORD("banner", ASIDE), WORD("bild", CAPTION),
	WORD("bildunterschrift", CAPTION), WORD("bio", ASIDE),
	WORD("bookmark", ASIDE), WORD("breadcrumb", ASIDE),
	WORD("breadcrumbs", ASIDE), WORD("byline", ASIDE),
	WORD("caption", CAPTION), WORD("carousel", ASIDE),
	WORD("comment", COMMENT), WORD("commentaire", COMMENT),
	WORD("commentaires", COMMENT), WORD("commentlist", COMMENT),
	WORD("comments", COMMENT), WORD("consent", ASIDE),
	WORD("cookie", ASIDE), WORD("cookies", ASIDE),
	WORD("copyright", ASIDE), WORD("credit", CAPTION),
	WORD("credits", CAPTION), WORD("dateline", ASIDE),
	WORD("disclaimer", ASIDE), WORD("disqus", COMMENT),
	WORD("donate", ASIDE), WORD("donation", ASIDE), WORD("footer", ASIDE),
	WORD("foto", CAPTION), WORD("gallery", ASIDE), WORD("gdpr", ASIDE),
	WORD("image", CAPTION), WORD("imagen", CAPTION),
	WORD("images", CAPTION), WORD("img", CAPTION),
	WORD("instagram", ASIDE), WORD("jp", ASIDE), WORD("keywords", ASIDE),
	WORD("kommentar", COMMENT), WORD("kommentare", COMMENT),
	WORD("legend", CAPTION), WORD("legende", CAPTION),
	WORD("login", ASIDE), WORD("masthead", ASIDE), WORD("menu", ASIDE),
	WORD("meta", ASIDE), WORD("metadata", ASIDE), WORD("modal", ASIDE),
	WORD("mostread", ASIDE), WORD("nav", ASIDE), WORD("navbar", ASIDE),
	WORD("navi", ASIDE), WORD("navigation", ASIDE),
	WORD("newsletter", ASIDE), WORD("noprint", ASIDE),
	WORD("outbrain", ASIDE), WORD("overlay", ASIDE), WORD("pager", ASIDE),
	WORD("pagination", ASIDE), WORD("partage", ASIDE),
	WORD("paywall", ASIDE), WORD("photo", CAPTION), WORD("pic", CAPTION),
	WORD("picture", CAPTION), WORD("popular", ASIDE), WORD("popup", ASIDE),
	WORD("promo", ASIDE), WORD("promotion", ASIDE), WORD("rating", ASIDE),
	WORD("recommend", ASIDE), WORD("recommendations", ASIDE),
	WORD("recommended", ASIDE), WORD("relacionadas", ASIDE),
	WORD("related", ASIDE), WORD("reply", COMMENT),
	WORD("respond", COMMENT), WORD("share", ASIDE),
	WORD("sharedaddy", ASIDE), WORD("sharing", ASIDE),
	WORD("sidebar", ASIDE), WORD("signup", ASIDE), WORD("skip", ASIDE),
	WORD("slideshow", ASIDE), WORD("social", ASIDE),
	WORD("sponsor", ASIDE), WORD("sponsored", ASIDE),
	WORD("subscribe", ASIDE), WORD("subscription", ASIDE),
	WORD("taboola", ASIDE), WORD("tag", ASIDE), WORD("tags", ASIDE),
	WORD("taxonomy", ASIDE), WORD("teaser", ASIDE), WORD("teasers", ASIDE),
	WORD("timestamp", ASIDE), WORD("toolbar", ASIDE), WORD("tools", ASIDE),
	WORD("topics", ASIDE), WORD("trending", ASIDE), WORD("tweet", ASIDE),
	WORD("twitter", ASIDE), WORD("visual", CAPTION),
	WORD("zdjecie", CAPTION),
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
