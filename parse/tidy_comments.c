/* Boxes of comments: their heads, and what shows that comments follow. */
#include <string.h>

#include "parse/tidy_parts.h"

enum { COMMENT_LINE_MAX = 240 };

/* At the head of the line. */
static const char *const opens[] = {
	"leave a reply", "leave a comment", "leave a response",
	"post a comment", "add a comment", "write a comment",
	"join the discussion", "laisser un commentaire",
	"laissez un commentaire", "laisser une reponse", "laissez une reponse",
	"poster un commentaire", "ajouter un commentaire",
	"ecrire un commentaire", "reagir a cet article",
	"repondre annuler la reponse", "commenter cet article",
	"your email address will not be published",
	"your e-mail address will not be published",
	"votre adresse e-mail ne sera pas publiee",
	"votre adresse de messagerie ne sera pas publiee",
	"you must be logged in to post a comment", "log in to comment",
	"log in to leave a comment",
	"vous devez etre connecte pour publier un commentaire",
	"vous devez etre connecte pour commenter",
	"connectez-vous pour commenter",
	"connectez-vous pour laisser un commentaire",
	"schreibe einen kommentar", "schreiben sie einen kommentar",
	"kommentar schreiben", "kommentar hinterlassen",
	"deine e-mail-adresse wird nicht veroffentlicht",
	"deja una respuesta", "deja un comentario", "dejar un comentario",
	"tu direccion de correo electronico no sera publicada",
	"lascia un commento", "il tuo indirizzo email non sara pubblicato",
	"geef een reactie", "laat een reactie achter",
	"je e-mailadres wordt niet gepubliceerd",
	"deixe um comentario", "deixe uma resposta",
	"o seu endereco de email nao sera publicado",
};

/* The whole line, with a count or without. */
static const char *const may_open[] = {
	"comments", "comment", "commentaires", "commentaire",
	"tous les commentaires", "les commentaires", "all comments",
	"reactions", "vos reactions", "kommentare", "comentarios",
	"commenti", "reacties", "discussion", "responses", "replies",
	"show comments", "view comments", "voir les commentaires",
	"afficher les commentaires",
};

static const char *const inside[] = {
	"reply", "repondre", "antworten", "responder", "rispondi",
	"beantwoorden", "report", "signaler", "signaler un abus",
	"report abuse", "cancel reply", "annuler la reponse", "name *",
	"email *", "nom *", "e-mail *", "website", "site web",
	"post comment", "save my name", "like", "j'aime",
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The words without a count in front. */
static struct str skip_count(struct str words, bool *counted)
{
	size_t n = 0;

	while (n < words.n && is_digit(words.p[n]))
		n++;
	*counted = n && n < words.n && words.p[n] == ' ';
	if (*counted)
		words = (struct str){ words.p + n + 1, words.n - n - 1 };
	return words;
}

static bool is_any(struct str words, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (words.n && list[i][0] == words.p[0] &&
		    str_is(words, list[i]))
			return true;
	return false;
}

static bool begins_any(struct str words, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (words.n && list[i][0] == words.p[0] &&
		    str_starts(words, str_of(list[i])))
			return true;
	return false;
}

/* "2 thoughts on “X”", "3 réflexions au sujet de « X »" */
static bool is_thoughts(struct str words, bool counted)
{
	static const char *const list[] = {
		"thoughts on ", "thought on ", "responses to ", "response to ",
		"comments on \"", "comment on \"", "replies to ",
		"reflexions au sujet de ", "reflexion au sujet de ",
		"reflexions sur ", "reflexion sur ", "reponses a \"",
		"gedanken zu ", "gedanke zu ", "pensamientos sobre ",
		"comentarios en \"", "commenti su \"", "gedachten over ",
		"respostas para ",
	};

	return counted &&
	       begins_any(words, list, sizeof(list) / sizeof(*list));
}

/* "Jean dit :", "jean says on 3 May 2020 at 10:12:" */
static bool is_speaker(const struct tidy_line *l)
{
	static const char *const says[] = {
		" dit :", " dit:", " a dit :", " says:", " said:",
		" wrote:", " a ecrit :", " sagt:", " dice:", " zegt:",
		" schreef:", " disse:", " scrive:",
	};
	struct str words = fold_view(&l->f);

	if (!l->f.whole || words.n > 60)
		return false;
	for (size_t i = 0; i < sizeof(says) / sizeof(*says); i++)
		if (str_ends(words, str_of(says[i])))
			return true;
	return false;
}

enum tidy_comment tidy_comment(const struct tidy_line *l)
{
	struct str words = tidy_words(l);
	bool counted, is_whole = l->f.whole;

	if (!words.n || l->s.n > COMMENT_LINE_MAX)
		return TIDY_NO_COMMENT;
	if (begins_any(words, opens, sizeof(opens) / sizeof(*opens)))
		return TIDY_OPENS;
	if (tidy_has_stop(l->s))
		return TIDY_NO_COMMENT;
	words = skip_count(words, &counted);
	if (is_thoughts(words, counted))
		return TIDY_OPENS;
	if (is_whole &&
	    is_any(words, may_open, sizeof(may_open) / sizeof(*may_open)))
		return TIDY_MAY_OPEN;
	if ((is_whole &&
	     is_any(words, inside, sizeof(inside) / sizeof(*inside))) ||
	    is_speaker(l))
		return TIDY_INSIDE;
	return TIDY_NO_COMMENT;
}
